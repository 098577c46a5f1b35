import { createCipheriv } from "node:crypto";
import { hex, latin1 } from "../stream-drive.ts";
import { type Beginning, field, server, tcp, telling, text, udp, zeros } from "./beginning.ts";

/** Sum of octets as so many hexadecimal digits. */
const sumOf = (octets: Uint8Array, digits: number): string =>
  (octets.reduce((sum, octet) => sum + octet, 0) % 16 ** digits).toString(16).padStart(digits, "0");

/** A hello of BroadLink with its sum (0xbeaf on). */
function broadlinkHello(): Uint8Array {
  const octets = new Uint8Array(0x80);
  octets[0x26] = 7;
  octets.set(hex("2a27"), 0x34);
  octets.set(hex("0605040302ec"), 0x3a);
  octets.set(latin1("Bedroom"), 0x40);
  const sum = (octets.reduce((total, octet) => total + octet, 0) + 0xbeaf) & 0xffff;
  octets[0x20] = sum & 255;
  octets[0x21] = sum >>> 8;
  return octets;
}

/** TP-Link's cipher behind a length, as over TCP. */
function kasa(content: string): Uint8Array {
  let key = 171;
  const sealed = latin1(content).map((octet) => (key ^= octet));
  return hex(`${content.length.toString(16).padStart(8, "0")}${Buffer.from(sealed).toString("hex")}`);
}

const SYSINFO =
  '{"system":{"get_sysinfo":{"sw_ver":"1.5.6 Build","model":"HS110(EU)","deviceId":"8006AB","alias":"Washer","mac":"50:C7:BF:00:11:22"}}}';

/** Header of LIFX: length, protocol, source, target, flags, type; little-endian. */
const lifxFrame = (type: string, body: string): Uint8Array =>
  hex(
    `${(36 + body.length / 2).toString(16).padStart(2, "0")}00 0014 12345678 d073d5012345 0000 ${zeros(6)} 00 01 ${zeros(8)} ${type} 0000 ${body}`,
  );

const tdp = (content: string): Uint8Array =>
  hex(`0200 0001 ${content.length.toString(16).padStart(4, "0")} 1100 ${zeros(8)} ${field(content)}`);

/** An announcement of Tuya, in clear (3.1) or under the key that is the same for all (3.3): return code, text, check sum, end. */
function tuyaFrame(content: string, isSealed = false): Uint8Array {
  const key = Buffer.from("6c1ec8e2bb9bb59ab50b0daf649b410a", "hex");
  const cipher = createCipheriv("aes-128-ecb", key, null);
  const body = isSealed ? Buffer.concat([cipher.update(content), cipher.final()]).toString("hex") : field(content);
  return hex(
    `000055aa 00000000 00000013 ${(body.length / 2 + 12).toString(16).padStart(8, "0")} 00000000 ${body} 12345678 0000aa55`,
  );
}

const tuyaTold = { message: "announce", vendor: "Tuya", deviceId: "bf01", detail: "protocol 3.1 product keyx" };
const znpFrame = hex("fe 00 2101 20");
const goodweBody = hex("aa55 c0 7f 01 02 00");
const weatherBody = hex(`12 0022 84f3eb112233 c0a8010a b1c9 11 ${field("GW1000A-WIFI2233B")}`);
const solarBody = hex("0300 10 15 0100 39300000 020101");

export const homeBeginnings: readonly Beginning[] = [
  // Standards
  telling(
    {
      ...udp(
        "coap",
        hex(`50 1e 1234 b3 ${field("cit")} 01 ${field("s")} ed 0bec 09 ${field("SHSW-25#A4CF12F45E6F#2")}`),
        5683,
      ),
      app: "Shelly",
    },
    {
      type: "non-confirmable",
      code: "0.30",
      path: "/cit/s",
      isObserve: false,
      model: "SHSW-25",
      deviceId: "A4CF12F45E6F",
    },
  ),
  telling(
    { ...udp("coap", hex(`44 02 0001 01020304 b2 ${field("rd")} 4d 00 ${field("ep=Meter-1000")}`)), app: "LwM2M" },
    {
      type: "confirmable",
      code: "0.02",
      path: "/rd",
      endpoint: "Meter-1000",
      isObserve: false,
    },
  ),
  { ...udp("coap", hex(`42 02 0001 abcd b1 ${field("a")} 02 ${field("aq")} ff 01`), 61631), app: "Thread" },
  // I-Am of device 1234, segmentation none, vendor 260
  telling(udp("bacnet", hex("810b 0015 0100 1000 c4020004d2 2201e0 9103 220104")), {
    message: "I-Am",
    deviceId: "1234",
    vendor: "BACnet vendor 260",
  }),
  // Description answer: device information, then services
  telling(
    udp(
      "knx",
      hex(
        `0610 0204 0044 36 01 02 00 1101 0000 00c501020304 e000170c 000e8c001122 ${field("Gira IP router", 30)} 08 02 ${zeros(6)}`,
      ),
    ),
    {
      message: "description response",
      deviceId: "00c501020304",
      mac: "00:0e:8c:00:11:22",
      name: "Gira IP router",
      detail: "address 1.1.1",
    },
  ),
  telling(udp("matter", hex("04 0000 00 11223344 0102030405060708 05 20 1a2b 0000 15 30 01 20")), {
    session: "unsecured",
    sessionId: 0,
    opcode: "PBKDFParamRequest",
    isInitiator: true,
  }),
  telling(udp("matter", hex(`00 3412 00 11223344 ${"ab".repeat(40)}`), 5540), {
    session: "unicast",
    sessionId: 0x1234,
  }),
  // Unicast, channel 15, network 0xface, number, both ends; data frame to the same network
  udp("trel", hex("01 0f face 00000001 0011223344556677 8899aabbccddeeff 69dc 01 cefa ffeeddccbbaa9988 aa")),
  udp("z-ip", hex("23 02 80 50 01 00 00 20 02"), 4123),
  tcp("ezsp", hex("1a c0 38 bc 7e")),
  server(tcp("ezsp", hex("c1 02 0b 0a 52 7e"))),
  tcp("znp", znpFrame),
  tcp("zwave-serial", hex("15 01 03 00 15 e9")),
  telling(tcp("esphome", hex(`00 09 01 0a 07 ${field("aioesph")}`)), { message: "client hello", name: "aioesph" }),
  tcp("esphome", hex(`01 0000 01 0031 00 ${"5a".repeat(48)}`)),
  // Makers
  telling(udp("tuya", tuyaFrame('{"ip":"1.2.3.4","gwId":"bf01","productKey":"keyx","version":"3.1"}')), tuyaTold),
  telling(udp("tuya", tuyaFrame('{"ip":"1.2.3.4","gwId":"bf01","productKey":"keyx","version":"3.1"}', true)), tuyaTold),
  telling(tcp("tplink-shp", kasa(SYSINFO)), {
    message: "system info",
    vendor: "TP-Link",
    model: "HS110(EU)",
    firmware: "1.5.6 Build",
    deviceId: "8006AB",
    name: "Washer",
    mac: "50:c7:bf:00:11:22",
  }),
  telling(
    udp("tplink-tdp", tdp('{"result":{"device_id":"80F","device_model":"P110(EU)","mac":"AA-BB-CC-00-11-22"}}')),
    {
      message: "discovery",
      vendor: "TP-Link",
      model: "P110(EU)",
      deviceId: "80F",
      mac: "aa:bb:cc:00:11:22",
    },
  ),
  telling(udp("lifx", lifxFrame("2100", "01000000 1b000000 00000000".replaceAll(" ", "")), 56700), {
    message: "version",
    vendor: "LIFX",
    model: "product 27",
    mac: "d0:73:d5:01:23:45",
  }),
  udp("lifx", lifxFrame("0200", "")),
  telling(
    udp(
      "yeelight",
      text(
        "HTTP/1.1 200 OK\r\nLocation: yeelight://192.0.2.9:55443\r\nid: 0x00000000015243f\r\nmodel: color\r\nfw_ver: 18\r\n",
      ),
      1982,
    ),
    { message: "announce", vendor: "Yeelight", deviceId: "0x00000000015243f", model: "color", firmware: "18" },
  ),
  telling(tcp("yeelight", text('{"id":1,"method":"toggle","params":[]}\r\n'), 55443), {
    message: "toggle",
  }),
  telling(
    udp(
      "wiz",
      text(
        '{"method":"getSystemConfig","env":"pro","result":{"mac":"a8bb50001122","moduleName":"ESP01_SHRGB1C_31","fwVersion":"1.22.0"}}',
      ),
      38899,
    ),
    {
      message: "getSystemConfig",
      vendor: "WiZ",
      mac: "a8:bb:50:00:11:22",
      model: "ESP01_SHRGB1C_31",
      firmware: "1.22.0",
    },
  ),
  telling(
    udp(
      "govee",
      text(
        '{"msg":{"cmd":"scan","data":{"ip":"192.0.2.7","device":"1F:80","sku":"H6159","wifiVersionSoft":"1.02.03"}}}',
      ),
    ),
    { message: "scan", vendor: "Govee", model: "H6159", firmware: "1.02.03", deviceId: "1F:80" },
  ),
  telling(udp("broadlink", broadlinkHello(), 80), {
    message: "hello",
    vendor: "BroadLink",
    model: "0x272a",
    mac: "ec:02:03:04:05:06",
    name: "Bedroom",
  }),
  telling(udp("miio", hex(`2131 0020 00000000 0000c0de 5f000000 ${"ff".repeat(16)}`)), {
    message: "hello",
    deviceId: "49374",
  }),
  udp("miio", hex(`2131 0020 ${"ff".repeat(28)}`)),
  udp("harmony", text("_logitech-reverse-bonjour._tcp.local.\n61991")),
  telling(udp("loxone", text("LoxLIVE: Miniserver 192.0.2.77:80 504F94A00001 14.5.12.7")), {
    message: "answer",
    vendor: "Loxone",
    name: "Miniserver",
    mac: "50:4f:94:a0:00:01",
    deviceId: "504F94A00001",
    firmware: "14.5.12.7",
  }),
  telling(server(tcp("homematic-lan", text("HHM-LAN-IF,03C5,KEQ0123456,1A2B3C,1A2B3C,0000B0A1,0000,00\r\n"))), {
    message: "hello",
    vendor: "eQ-3",
    model: "HM-CFG-LAN",
    firmware: "03C5",
    deviceId: "KEQ0123456",
  }),
  tcp("homematic-rpc", hex(`42696e 00 00000014 0000000b ${field("listDevices")} 00000000`)),
  server(tcp("openwebnet", text("*#*1##"))),
  telling(udp("crestron", hex(`15000000 01 04 0003 0000 ${field("RMC3", 256)} ${field("RMC3 [v1.501]", 128)}`)), {
    message: "answer",
    vendor: "Crestron",
    name: "RMC3",
    model: "RMC3 [v1.501]",
  }),
  telling(udp("echonet", hex("1081 0001 013001 05ff01 72 01 80 01 30")), {
    message: "service 0x72",
    model: "object 0x013001",
  }),
  // Air, water, sun
  udp("midea", hex(`5a5a 01 11 4800 9200 ${zeros(64)}`)),
  tcp("midea", hex(`8370 0040 20 00 0000 ${zeros(64)}`)),
  telling(
    server(
      udp(
        "gree",
        text('{"t":"pack","i":1,"uid":0,"cid":"f4911e001122","tcid":"","pack":"LP24Ek0OaYogxs3iQLjL4A=="}'),
        7000,
      ),
    ),
    {
      message: "answer",
      vendor: "Gree",
      mac: "f4:91:1e:00:11:22",
      deviceId: "f4911e001122",
    },
  ),
  telling(udp("daikin", text("ret=OK,type=aircon,reg=eu,ver=1_2_54,mac=A408EA001122,id=abc")), {
    message: "basic info",
    vendor: "Daikin",
    model: "aircon",
    firmware: "1.2.54",
    mac: "a4:08:ea:00:11:22",
    deviceId: "abc",
  }),
  telling(
    udp(
      "irobot",
      text(
        '{"ver":"3","hostname":"Roomba-3168820","robotname":"Dusty","mac":"70:66:55:00:11:22","sw":"v2.4.17","sku":"R980040"}',
      ),
      5678,
    ),
    {
      message: "answer",
      vendor: "iRobot",
      name: "Dusty",
      model: "R980040",
      firmware: "v2.4.17",
      mac: "70:66:55:00:11:22",
      deviceId: "Roomba-3168820",
    },
  ),
  udp("irobot", text("irobotmcs")),
  telling(udp("speedwire", hex(`534d4100 000402a0 00000001 0244 0010 6069 015d 71ab3c4d 00000000 ${zeros(16)}`)), {
    message: "meter",
    vendor: "SMA",
    model: "SUSy 349",
    deviceId: "1907047501",
  }),
  telling(server(tcp("solarman", hex(`a5 ${Buffer.from(solarBody).toString("hex")} ${sumOf(solarBody, 2)} 15`))), {
    message: "answer",
    model: "data logger",
    deviceId: "12345",
  }),
  telling(udp("hi-flying", text("192.0.2.44,ACCF23001122,HF-LPB100-ZJ200"), 48899), {
    message: "answer",
    mac: "ac:cf:23:00:11:22",
    model: "HF-LPB100-ZJ200",
  }),
  tcp("magic-home", hex("81 8a 8b 96")),
  udp("goodwe", hex(`${Buffer.from(goodweBody).toString("hex")} ${sumOf(goodweBody, 4)}`)),
  tcp("solaredge", hex(`12345679 0400 fbff 0001 00000000 ${zeros(4)}`)),
  telling(
    server(
      udp(
        "keba",
        text('{\n"ID": "1",\n"Product": "KC-P30-EC240112-000",\n"Serial": "15017355",\n"Firmware":"P30 v 3.10.16"\n}'),
        7090,
      ),
    ),
    {
      message: "report",
      vendor: "KEBA",
      model: "KC-P30-EC240112-000",
      deviceId: "15017355",
      firmware: "P30 v 3.10.16",
    },
  ),
  telling(
    udp("weatherflow", text('{"serial_number":"HB-00000001","type":"hub_status","firmware_revision":"35"}'), 50222),
    {
      message: "hub_status",
      vendor: "WeatherFlow",
      deviceId: "HB-00000001",
      firmware: "35",
    },
  ),
  telling(udp("easy-weather", hex(`ffff ${Buffer.from(weatherBody).toString("hex")} ${sumOf(weatherBody, 2)}`)), {
    message: "broadcast",
    vendor: "Fine Offset",
    mac: "84:f3:eb:11:22:33",
    model: "GW1000A-WIFI2233B",
  }),
];
