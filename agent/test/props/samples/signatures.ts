import { hex, latin1 } from "../stream-drive.ts";
import { type Beginning, server, tcp, text, udp, zeros } from "./beginning.ts";
import { homeBeginnings } from "./beginnings-home.ts";
import { mediaBeginnings } from "./beginnings-media.ts";
import { networkBeginnings } from "./beginnings-network.ts";
import { moreBeginnings } from "./signatures-more.ts";

/** TP-Link's cipher: each octet is the key of the next, the first key is 171. */
function tplink(content: string): Uint8Array {
  let key = 171;
  return latin1(content).map((octet) => (key ^= octet));
}

/** A PCMU packet of 20 ms. */
const SOUND = hex(`80 00 0001 000000a0 12345678 ${"ff".repeat(160)}`);

export const beginnings: readonly Beginning[] = [
  ...homeBeginnings,
  ...mediaBeginnings,
  ...networkBeginnings,
  ...moreBeginnings,
  // Shared folders, peers
  tcp("bittorrent", text(`\x13BitTorrent protocol${"\0".repeat(48)}`)),
  udp("bittorrent", text(`d1:ad2:id20:${"a".repeat(20)}e1:q4:ping1:t2:aa1:y1:qe`)),
  udp("bittorrent", hex("4100 1234 00000001 00000000 00100000 1a2b 0000")), // uTP: SYN, nothing acknowledged
  udp("bittorrent", hex("0000041727101980 00000000 12345678")), // tracker: connect
  udp("dropbox-lan", text('{"host_int": 1, "version": [2, 0], "displayname": "", "port": 17500, "namespaces": [7]}')),
  udp("syncthing", hex(`2ea7d90b 0a20 ${zeros(32)}`)),
  udp("tftp", text("\0\x01boot.bin\0octet\0")),
  udp("nfs", hex(`12345678 00000000 00000002 000186a3 00000003 00000000 ${zeros(16)}`)), // call of NFS 3, NULL
  tcp("nfs", hex(`80000028 12345678 00000000 00000002 000186a5 00000001 00000000 ${zeros(16)}`)), // mount, in a record
  tcp("git", text("0033git-upload-pack /project.git\0host=example.org\0")),
  server(tcp("rsync", text("@RSYNCD: 31.0\n"))),
  server(tcp("nntp", text("200 news.example NNTP Service Ready\r\n"))),
  tcp("whois", text("example.org\r\n"), 43),
  // Private tunnels
  udp("wireguard", hex(`01000000 ${"5a".repeat(144)}`)),
  udp("openvpn", hex("38 1122334455667788 00 00000000")),
  udp("openvpn", hex(`38 1122334455667788 ${"ab".repeat(20)} 00000001 65000000 00 00000000`)), // tls-auth, SHA-1
  tcp("openvpn", hex("000e 38 1122334455667788 00 00000000")),
  udp("ike", hex(`1122334455667788 ${zeros(8)} 21 20 22 08 00000000 0000001c`), 500),
  udp("teredo", hex(`60000000 0000 3bff fe80${zeros(14)} ff02${zeros(13)}02`), 3544),
  // Speech, screens, games
  udp("stun", hex("0001 0000 2112a442 0102030405060708090a0b0c")),
  tcp("stun", hex("0014 0001 0000 2112a442 0102030405060708090a0b0c")), // RFC 4571
  udp("rtcp", hex("80c9 0001 12345678 81ca 0002 12345678 01016100")), // receiver report, description
  udp("rtp", SOUND),
  udp("discord-voice", hex(`0001 0046 12345678 ${zeros(66)}`)),
  udp("teamspeak", text("TS3INIT1\0\x65\0\0\x88")),
  udp("zoom", hex(`05 1000 01 00000000 10 ${zeros(20)}`), 8801),
  tcp("xmpp", text("<?xml version='1.0'?><stream:stream to='example.org' xmlns='jabber:client'>")),
  tcp(
    "rdp",
    hex(
      `0300 002a 25 e0 0000 0000 00 ${Buffer.from("Cookie: mstshash=ann\r\n").toString("hex")} 01 00 0800 03000000`.replace(
        "002a 25",
        "0029 24",
      ),
    ),
  ),
  tcp("teamviewer", hex("1724 0a 0200 1234")),
  tcp("nomachine", text("NXSH-8.2.3\n")),
  tcp("ica", text("\x7f\x7fICA\0")),
  udp("source-engine", text("\xff\xff\xff\xffTSource Engine Query\0")),
  udp("raknet", hex(`01 ${zeros(8)} 00ffff00fefefefefdfdfdfd12345678 ${zeros(8)}`)),
  udp("steam-discovery", hex("ffffffff 214c5fa0 08000000")),
  udp("spotify-lan", text("SpotUdp0\x01\0\x04")),
  udp("tivo", text("TiVoConnect=1\nmethod=broadcast\n")),
  // Data and services
  tcp(
    "mongodb",
    hex(`23000000 01000000 00000000 d4070000 00000000 ${Buffer.from("admin.$cmd\0").toString("hex")} 00000000`),
  ),
  server(tcp("mysql", hex(`4a000000 0a ${Buffer.from("8.0.36\0").toString("hex")} ${zeros(60)}`))),
  tcp("pgsql", hex("00000008 04d2162f")),
  tcp("pgsql", text("\0\0\0\x15\0\x03\0\0user\0ann\0\0\0\0")),
  tcp("amqp", hex("414d5150 00 00 09 01")),
  tcp("memcached", text("stats\r\n"), 11211),
  tcp("http2", text("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")),
  tcp("bitcoin", hex(`f9beb4d9 76657273696f6e0000000000 00000000 5df6e0e2`)),
  tcp("ldap", hex("300c 020101 60 07 020103 0400 8000"), 389),
  udp("krb5", hex(`6a 16 30 14 a1 03 020105 a2 03 02010a ${zeros(8)}`)),
  tcp("krb5", hex(`00000018 6a 16 30 14 a1 03 020105 a2 03 02010a ${zeros(8)}`)),
  udp("radius", hex(`01 05 0019 ${zeros(16)} 01 05 616e6e`), 1812),
  udp("syslog", text("<34>Oct 11 22:14:15 box su: failed")),
  udp("syslog", text("<165>1 2003-10-11T22:14:15.003Z box app - ID47 - text")),
  udp("slp", hex(`02 01 000016 0000 000000 1234 0002 656e 000000000000`), 427),
  udp("coap", hex("40 01 1234 bb 2e77656c6c2d6b6e6f776e"), 5683),
  server(tcp("kismet", text("*KISMET: 0.0.0 1 \x01Kismet\x01 \n"))),
  // Things and plants
  udp("tuya", hex(`000055aa 00000000 00000013 0000001c ${zeros(24)} 0000aa55`)),
  udp("tplink-shp", tplink('{"system":{"get_sysinfo":{}}}')),
  udp("bacnet", hex("810b 000c 0120ffff00ff 1008")),
  udp("knx", hex("0610 0201 000e 0801 c0a80102 0e57")),
  udp("rmcp", hex("0600ff06 000011be 80000000"), 623),
  udp("ptp", hex(`0002 0022 ${zeros(30)}`), 319),
  tcp("s7comm", hex("0300 0016 11 e0 0000 0001 00 c1 02 0100 c2 02 0102 c0 01 0a"), 102),
  tcp("dnp3", hex("0564 05c9 0100 0200 1234")),
  tcp("iec104", hex("6804 07000000"), 2404),
  tcp("enip", hex(`6500 0400 ${zeros(20)} 01000000`), 44818),
];
