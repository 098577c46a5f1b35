import { hex, latin1 } from "../stream-drive.ts";
import { type Beginning, field, server, tcp, telling, text, udp, zeros } from "./beginning.ts";

const XML = '<?xml version="1.0" encoding="utf-8"?>';
const WSD = `${XML}<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery">
<s:Header><a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/ProbeMatches</a:Action></s:Header><s:Body><d:ProbeMatches><d:ProbeMatch>
<a:EndpointReference><a:Address>urn:uuid:0a1b2c3d-0000-1000</a:Address></a:EndpointReference><d:Types>dn:NetworkVideoTransmitter</d:Types>
<d:Scopes>onvif://www.onvif.org/name/HIKVISION%20DS onvif://www.onvif.org/hardware/DS-2CD2142FWD-I</d:Scopes></d:ProbeMatch></d:ProbeMatches></s:Body></s:Envelope>`;
const SADP = `${XML}\n<ProbeMatch>\n<Uuid>1A</Uuid>\n<DeviceDescription>DS-2CD2142FWD-I</DeviceDescription><DeviceSN>DS-2CD20160101</DeviceSN><MAC>c0-56-e3-00-11-22</MAC><SoftwareVersion>V5.4.5</SoftwareVersion></ProbeMatch>`;
const HELLO =
  '{"Arch":"armv7l","HostName":"kitchen","ID":"b8:27:eb:00:11:22","MAC":"b8:27:eb:00:11:22","OS":"Raspbian","Version":"0.26.0"}';

/** A length of four octets, little-endian, as hexadecimal digits. */
const little = (value: number): string =>
  `${(value & 255).toString(16).padStart(2, "0")}${(value >>> 8).toString(16).padStart(2, "0")}0000`;
const big = (value: number, octets: number): string => value.toString(16).padStart(octets * 2, "0");

function dhip(content: string): Uint8Array {
  return hex(
    `20000000 44484950 00000000 00000000 ${little(content.length)} 00000000 ${little(content.length)} 00000000 ${field(content)}`,
  );
}

/** A block as Kalay scrambles it: words turned right, the common key, octets in another order, words turned right. */
function kalayBlock(block: Uint8Array): string {
  const order = [11, 9, 8, 15, 13, 10, 12, 14, 2, 1, 5, 0, 6, 4, 7, 3];
  const words = Buffer.from(block);
  const turn = (octets: Buffer, more: number): void => {
    for (let at = 0; at < 16; at += 4) {
      const word = octets.readUInt32LE(at);
      octets.writeUInt32LE(((word >>> (at + more)) | (word << (32 - at - more))) >>> 0, at);
    }
  };
  turn(words, 1);
  const mixed = Buffer.from(order.map((from) => words[from]! ^ "Charlie is the d".charCodeAt(from)));
  turn(mixed, 3);
  return mixed.toString("hex");
}

const eiscpAnswer = "!1ECNTX-NR609/60128/DX/0009B0001122\x19\r\n";
const cdpName = "DESKTOP-1";

export const mediaBeginnings: readonly Beginning[] = [
  // Music
  telling(
    udp(
      "roon",
      hex(
        `${field("SOOD")} 02 52 04 ${field("name")} 0004 ${field("Home")} 09 ${field("unique_id")} 0002 ${field("ab")} 0f ${field("display_version")} 0003 ${field("2.0")}`,
      ),
    ),
    {
      message: "response",
      vendor: "Roon",
      name: "Home",
      deviceId: "ab",
      firmware: "2.0",
    },
  ),
  telling(tcp("slimproto", hex(`${field("HELO")} 0000000a 08 01 000420123456 0000`)), {
    message: "hello",
    model: "Squeezeslave",
    firmware: "1",
    mac: "00:04:20:12:34:56",
  }),
  udp("slimproto", text("eIPAD\0NAME\0JSON\0"), 3483),
  telling(
    tcp(
      "snapcast",
      hex(`0500 0000 0000 ${zeros(16)} ${little(HELLO.length + 4)} ${little(HELLO.length)} ${field(HELLO)}`),
    ),
    {
      message: "hello",
      name: "kitchen",
      mac: "b8:27:eb:00:11:22",
      firmware: "0.26.0",
      model: "Raspbian",
      deviceId: "b8:27:eb:00:11:22",
    },
  ),
  tcp("heos", text("heos://player/get_players\r\n")),
  telling(
    server(
      tcp(
        "heos",
        text(
          '{"heos": {"command": "player/get_players", "result": "success"}, "payload": [{"name": "Bath", "pid": 1, "model": "HEOS 1", "version": "1.583", "ip": "192.0.2.5", "serial": "ABC"}]}\r\n',
        ),
      ),
    ),
    {
      message: "player",
      vendor: "Denon",
      name: "Bath",
      model: "HEOS 1",
      firmware: "1.583",
      deviceId: "ABC",
      detail: "192.0.2.5",
    },
  ),
  telling(udp("eiscp", hex(`${field("ISCP")} 00000010 ${big(eiscpAnswer.length, 4)} 01000000 ${field(eiscpAnswer)}`)), {
    message: "discovery",
    vendor: "Onkyo",
    model: "TX-NR609",
    mac: "00:09:b0:00:11:22",
    detail: "area DX",
  }),
  tcp("eiscp", hex(`${field("ISCP")} 00000010 00000009 01000000 ${field("!1PWRQSTN")}`)),
  // Pictures and light
  telling(
    udp("kodi", hex(`${field("XBMC")} 0200 0001 00000001 00000001 0008 12345678 ${zeros(10)} ${field("Remote", 8)}`)),
    {
      message: "hello",
      name: "Remote",
    },
  ),
  tcp("kodi", text('{"jsonrpc":"2.0","id":1,"method":"Player.GetActivePlayers"}'), 9090),
  telling(
    udp(
      "art-net",
      hex(
        `${field("Art-Net", 8)} 0021 ${zeros(16)} ${field("ODE Mk2", 18)} ${field("ENTTEC ODE Mk2", 64)} ${zeros(93)} 0050c2001122 ${zeros(30)}`,
      ),
    ),
    {
      message: "poll reply",
      name: "ODE Mk2",
      model: "ENTTEC ODE Mk2",
      mac: "00:50:c2:00:11:22",
    },
  ),
  telling(
    udp(
      "sacn",
      hex(
        `0010 0000 ${field("ASC-E1.17", 12)} 726e 00000004 ${"ab".repeat(16)} 7258 00000002 ${field("xLights", 64)} 64 0000 01 00 0007 ${zeros(20)}`,
      ),
    ),
    {
      message: "data",
      deviceId: "ab".repeat(16),
      name: "xLights",
      detail: "universe 7",
    },
  ),
  udp("ddp", hex("41 01 0b 01 00000000 0006 ff0000 00ff00"), 4048),
  telling(
    server(
      udp(
        "plex-gdm",
        text(
          "HTTP/1.0 200 OK\r\nContent-Type: plex/media-server\r\nName: Attic\r\nResource-Identifier: 0123ab\r\nVersion: 1.40.1\r\n\r\n",
        ),
      ),
    ),
    {
      message: "plex/media-server",
      deviceId: "0123ab",
      name: "Attic",
      firmware: "1.40.1",
    },
  ),
  udp("emby-discovery", text("who is JellyfinServer?")),
  telling(server(udp("emby-discovery", text('{"Address":"http://192.0.2.8:8096","Id":"77ab","Name":"media"}'), 7359)), {
    message: "announce",
    name: "media",
    deviceId: "77ab",
  }),
  telling(udp("hdhomerun", hex("0003 000c 01 04 00000001 02 04 1031ab77 12345678")), {
    message: "discovery",
    vendor: "SiliconDust",
    deviceId: "1031ab77",
  }),
  udp("mpeg-ts", hex(`47${"11".repeat(187)}`.repeat(7))),
  tcp("rtmp", hex(`03 00012345 00000000 ${"5a".repeat(60)}`)),
  server(tcp("pjlink", text("PJLINK 1 498e4a67\r"))),
  telling(
    udp(
      "amx-ddp",
      text(
        "AMXB<-UUID=GlobalCache_000C1E001122><-SDKClass=Utility><-Make=GlobalCache><-Model=iTachWF2IR><-Revision=710-1001-05>\r",
      ),
    ),
    {
      message: "beacon",
      vendor: "GlobalCache",
      model: "iTachWF2IR",
      firmware: "710-1001-05",
      deviceId: "GlobalCache_000C1E001122",
    },
  ),
  // Cameras
  tcp("baichuan", hex(`f0debc0a 01000000 2c070000 00000001 01dc 1465 ${zeros(20)}`)),
  udp("baichuan", hex(`3acf872a 04000000 01000000 12345678 9abcdef0 01020304`)),
  telling(udp("hikvision-sadp", text(SADP)), {
    message: "match",
    vendor: "Hikvision",
    model: "DS-2CD2142FWD-I",
    firmware: "V5.4.5",
    deviceId: "DS-2CD20160101",
    mac: "c0:56:e3:00:11:22",
  }),
  telling(udp("wsd", text(WSD)), {
    message: "ProbeMatches",
    deviceId: "0a1b2c3d-0000-1000",
    name: "HIKVISION DS",
    model: "DS-2CD2142FWD-I",
    detail: "dn:NetworkVideoTransmitter",
  }),
  telling(
    udp(
      "dahua",
      dhip(
        '{"method":"client.notifyDevInfo","params":{"deviceInfo":{"DeviceType":"IPC-HDW","SerialNo":"4C0","Vendor":"Dahua","Version":"2.622"},"mac":"3c:ef:8c:00:11:22"}}',
      ),
    ),
    {
      message: "discovery",
      vendor: "Dahua",
      model: "IPC-HDW",
      firmware: "2.622",
      deviceId: "4C0",
      mac: "3c:ef:8c:00:11:22",
    },
  ),
  tcp("dahua", hex(`a0000060 00000000 ${field("user", 8)} ${zeros(8)} 05020001 0000a1aa`)),
  telling(
    udp(
      "dvrip",
      hex(
        `ff01 0000 00000000 00000000 0000 fb05 ${little(90)} ${field('{"NetWork.NetCommon":{"HostName":"NVR","MAC":"00:12:31:00:11:22","SN":"a0","Version":"4.3"}}')}`,
      ),
    ),
    {
      message: "discovery",
      name: "NVR",
      mac: "00:12:31:00:11:22",
      deviceId: "a0",
      firmware: "4.3",
    },
  ),
  udp("dvrip", hex(`ff00 0000 00000000 00000000 0000 fa05 00000000`)),
  telling(udp("pppp", hex(`f1 41 0014 ${field("VSTC", 8)} 0001e240 ${field("QWERT", 8)}`)), {
    message: "punch",
    deviceId: "VSTC-123456",
  }),
  udp("pppp", hex("f1 30 0000")),
  telling(
    udp(
      "tutk",
      hex(
        `${kalayBlock(hex("04021a02 4800 0000 0106 2100 00000000"))} ${kalayBlock(latin1("ABCDEF1234567890"))} ${zeros(56)}`,
      ),
    ),
    {
      message: "search",
      deviceId: "ABCDEF…",
    },
  ),
  // Consoles and games
  telling(
    udp(
      "xbox-smartglass",
      hex(`dd01 001a 0002 00000000 0001 0007 ${field("LIVING\0")} 00 0002 ${field("ab\0\0")} 00000000`),
    ),
    {
      message: "discovery",
      vendor: "Microsoft",
      model: "Xbox One",
      name: "LIVING",
    },
  ),
  telling(
    udp(
      "ms-cdp",
      hex(
        `3030 ${big(49 + cdpName.length, 2)} 03 01 0000 00000000 ${zeros(8)} 0000 0001 ${zeros(16)} 0000 01 0001 0009 ${big(cdpName.length, 2)} ${field(cdpName)}`,
      ),
    ),
    {
      message: "presence",
      vendor: "Microsoft",
      name: cdpName,
      detail: "device type 9",
    },
  ),
  telling(
    server(
      udp(
        "playstation-remote",
        text("HTTP/1.1 200 Ok\nhost-id:2CCC44001122\nhost-type:PS5\nhost-name:PS5-123\nsystem-version:09600004\n"),
      ),
    ),
    {
      message: "announce",
      vendor: "Sony",
      model: "PS5",
      deviceId: "2CCC44001122",
      name: "PS5-123",
      firmware: "09600004",
    },
  ),
  udp("playstation-remote", text("SRCH * HTTP/1.1\ndevice-discovery-protocol-version:00030010\n")),
  udp("nintendo", hex(`32ab9864 02 ${"5a".repeat(60)}`)),
  udp("steam-relay", hex(`01 81 ${field("sdping")} ${zeros(20)}`)),
  tcp("minecraft", hex(`10 00 fd05 09 ${field("mc.lan.de")} 63dd 01`), 25565),
  telling(udp("minecraft", text("[MOTD]Ann - World[/MOTD][AD]54321[/AD]")), {
    message: "LAN world",
    name: "Ann - World",
    detail: "port 54321",
  }),
  udp("quake", text("\xff\xff\xff\xffgetstatus\n")),
];
