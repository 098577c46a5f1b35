import { hex } from "../stream-drive.ts";
import { type Beginning, field, server, tcp, telling, text, udp, zeros } from "./beginning.ts";

const big = (value: number, octets: number): string => value.toString(16).padStart(octets * 2, "0");
/** Type and length of two octets each, then a text: of MikroTik and Netgear. */
const tlv = (type: number, content: string): string => `${big(type, 2)}${big(content.length, 2)}${field(content)}`;
/** Type of one octet, length of two: of Ubiquiti. */
const shortTlv = (type: number, content: string): string => `${big(type, 1)}${big(content.length, 2)}${field(content)}`;

const ubiquiti = `02 000a 245a4c001122 c0a80105 ${shortTlv(3, "UAP.v6.2.44")} ${shortTlv(0x0b, "AP-Hall")} ${shortTlv(0x14, "UAP-AC-Pro")}`;
const ubiquitiOctets = ubiquiti.replaceAll(" ", "").length / 2;

export const networkBeginnings: readonly Beginning[] = [
  // Private nets
  udp("tailscale", hex(`5453f09f92ac ${"11".repeat(32)} ${"22".repeat(24)} ${"33".repeat(30)}`)),
  udp(
    "zerotier",
    hex(
      `0102030405060708 a1a2a3a4a5 b1b2b3b4b5 00 ${zeros(8)} 01 0c 01 0e 0002 0000018f00000000 b1b2b3b4b5 00 ${"44".repeat(64)}`,
    ),
    9993,
  ),
  udp("nebula", hex(`10 00 0000 00000000 0000000000000001 ${"55".repeat(60)}`)),
  udp("l2tp", hex("c802 0014 0000 0000 0000 0000 8008 0000 0000 0001")),
  telling(
    tcp(
      "pptp",
      hex(
        `009c 0001 1a2b3c4d 0001 0000 0100 0000 00000001 00000001 0000 0700 ${field("router", 64)} ${field("Linux", 64)}`,
      ),
    ),
    {
      message: "start request",
      vendor: "Linux",
      firmware: "1792",
      name: "router",
    },
  ),
  // Speech
  udp("iax2", hex(`8001 0000 00000000 00 00 06 01 0b02 0002 0603 ${field("ann")}`), 4569),
  udp("mgcp", text("RSIP 1200 aaln/*@gw.example.net MGCP 1.0\r\nRM: restart\r\n")),
  tcp("h323", hex(`0300 0020 08 02 0001 05 04 03 8893a5 ${zeros(16)}`)),
  telling(tcp("skinny", hex(`34000000 00000000 01000000 ${field("SEP001122334455", 16)} ${zeros(32)}`), 2000), {
    message: "register",
    vendor: "Cisco",
    name: "SEP001122334455",
    mac: "00:11:22:33:44:55",
  }),
  server(tcp("fritz-callmonitor", text("01.02.26 10:11:12;RING;0;030123;49301;SIP0;\r\n"), 1012)),
  // Screens from afar
  telling(udp("rustdesk", hex(`32 0b 0a 09 ${field("123456789")}`)), { message: "register", deviceId: "123456789" }),
  tcp("x11", hex("6c 00 0b00 0000 0000 0000 0000")),
  tcp("spice", hex("52454451 02000000 02000000 26000000")),
  tcp("radmin", hex("01 000000 01 000000 08 08")),
  udp("xdmcp", hex("0001 0002 0001 00"), 177),
  // Peers and coins
  udp("ethereum", hex(`${"5a".repeat(97)} 01 c8 04 c0 c0 84 12345678`), 30303),
  tcp("ethereum", hex(`0180 04 ${"5a".repeat(383)}`)),
  tcp("monero", hex(`0121010101010101 e2000000 00000000 01 e9030000 00000000 01000000 01000000`)),
  tcp("libp2p", text("\x13/multistream/1.0.0\n")),
  { ...server(tcp("stratum-v2", hex("5a".repeat(234)), 34254)), isShape: true },
  tcp("edonkey", hex(`e3 40000000 01 10 0011223344 0e 66778899aabbccdd 6f ff ${zeros(30)}`)),
  tcp("gnutella", text("GNUTELLA CONNECT/0.6\r\n")),
  server(tcp("direct-connect", text("$Lock EXTENDEDPROTOCOL_hub Pk=py|"))),
  // Boxes of the net
  telling(
    udp(
      "mikrotik-ndp",
      hex(
        `00000001 0001 0006 b869f4001122 ${tlv(5, "Attic")} ${tlv(7, "7.14.2")} ${tlv(8, "MikroTik")} ${tlv(12, "RB4011")}`,
      ),
      5678,
    ),
    {
      message: "announce",
      mac: "b8:69:f4:00:11:22",
      name: "Attic",
      firmware: "7.14.2",
      vendor: "MikroTik",
      model: "RB4011",
    },
  ),
  telling(udp("ubiquiti-discovery", hex(`01 00 ${big(ubiquitiOctets, 2)} ${ubiquiti}`), 10001), {
    message: "announce",
    vendor: "Ubiquiti",
    mac: "24:5a:4c:00:11:22",
    firmware: "UAP.v6.2.44",
    name: "AP-Hall",
    model: "UAP-AC-Pro",
  }),
  telling(
    udp(
      "nsdp",
      hex(
        `01 02 ${zeros(12)} 9c3dcf001122 0000 0001 ${field("NSDP")} 00000000 ${tlv(1, "GS108Ev3")} ${tlv(13, "2.06.24")} ffff0000`,
      ),
    ),
    {
      message: "answer",
      vendor: "Netgear",
      mac: "9c:3d:cf:00:11:22",
      model: "GS108Ev3",
      firmware: "2.06.24",
    },
  ),
  telling(udp("wake-on-lan", hex(`${"ff".repeat(6)}${"001122334455".repeat(16)}`)), {
    message: "wake",
    mac: "00:11:22:33:44:55",
  }),
  udp("synology-find", hex("12345678 53594e4f 01 04 00000001")),
  udp("bjnp", hex(`${field("BJNP")} 01 01 00000001 0000 00000000`)),
  udp("epson-enpc", hex(`${field("EPSONQ")} 03000000 0000`)),
  tcp("pjl", text("\x1b%-12345X@PJL INFO STATUS\r\n")),
  tcp("afp", hex("00 03 0001 00000000 00000000 00000000")),
  tcp(
    "opc-ua",
    hex(`${field("HELF")} 24000000 00000000 00000100 00000100 00000000 00000000 04000000 ${field("opc.")}`),
  ),
  tcp("zabbix", hex(`${field("ZBXD")} 01 0500000000000000 ${field("agent")}`)),
  tcp("nut", text("LIST UPS\n"), 3493),
];
