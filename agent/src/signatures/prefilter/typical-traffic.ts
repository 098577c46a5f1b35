/** Octets that stand for a kind of traffic, and how much of all traffic looks like them. */
export interface TrafficSample {
  readonly weight: number;
  readonly octets: Uint8Array;
}

const text = (weight: number, ...lines: readonly string[]): TrafficSample => ({
  weight,
  octets: new Uint8Array(Buffer.from(lines.join("\r\n"), "latin1")),
});
const hex = (weight: number, ...parts: readonly string[]): TrafficSample => ({
  weight,
  octets: new Uint8Array(Buffer.from(parts.join("").replaceAll(" ", ""), "hex")),
});
const utf16 = (weight: number, words: string): TrafficSample => ({
  weight,
  octets: new Uint8Array(Buffer.from(words, "utf16le")),
});

/**
 * What most unencrypted payload of a home looks like, from the formats themselves: a word that occurs here is a bad word to look for. It need not be
 * complete, only right about what is common: words that are not here are rated by their pairs of octets.
 */
export const TYPICAL_TRAFFIC: readonly TrafficSample[] = [
  // Runs of one octet: padding, sparse records, bitmaps.
  hex(40, "00".repeat(48)),
  hex(4, "ff".repeat(48)),
  text(2, " ".repeat(24), "=".repeat(12), "-".repeat(24), "A".repeat(16), "*".repeat(12)),
  // Small numbers in wide fields, of both octet orders.
  hex(6, "00000001 00000002 00000010 00000100 00010001 00010000 00ff00ff 0000ffff 01000000 02000000 10000000 00010002"),
  hex(3, "00000000 00000004 00000008 00000020 00000040 00000080 08000000 04000000 20000000 ffffff00 ffffffff 80000000"),
  // Requests and answers of HTTP (RFC 9110), its relatives (SSDP, RTSP, SIP), and common values.
  text(
    12,
    "GET / HTTP/1.1",
    "POST /api/v1/ HTTP/1.1",
    "Host: www.example.com",
    "User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
    "User-Agent: Mozilla/5.0 (Linux; Android 13) (compatible; MSIE 9.0; iPhone; CPU iPhone OS 16_0 like Mac OS X) Firefox/115.0",
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8",
    "Accept-Encoding: gzip, deflate, br",
    "Accept-Language: en-US,en;q=0.5",
    "Connection: keep-alive",
    "Cache-Control: no-cache, max-age=3600, public",
    "Content-Type: application/json; charset=utf-8",
    "Content-Type: application/x-www-form-urlencoded",
    "Content-Length: 1024",
    "Cookie: id=0; Path=/; HttpOnly; Secure; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
    "Referer: https://www.example.com/index.html",
    "HTTP/1.1 200 OK",
    "HTTP/1.1 302 Found",
    "HTTP/1.1 404 Not Found",
    "Date: Mon, 01 Jan 2024 00:00:00 GMT",
    "Last-Modified: Tue, 02 Feb 2021 12:00:00 GMT",
    "Server: nginx Apache/2.4 Microsoft-IIS lighttpd",
    "Transfer-Encoding: chunked",
    "ETag: Vary: Origin, Access-Control-Allow-Origin: * X-Powered-By: PHP Set-Cookie: Location: http://",
    "",
  ),
  text(
    4,
    "M-SEARCH * HTTP/1.1",
    "NOTIFY * HTTP/1.1",
    "HOST: 239.255.255.250:1900",
    'MAN: "ssdp:discover"',
    "NTS: ssdp:alive",
    "ST: urn:schemas-upnp-org:device:MediaRenderer:1",
    "USN: uuid:00000000-0000-0000-0000-000000000000::upnp:rootdevice",
    "LOCATION: http://192.168.1.1:80/description.xml",
    "INVITE sip:user@domain.com SIP/2.0 Via: SIP/2.0/UDP From: To: Call-ID: CSeq: 1 RTSP/1.0 rtsp://",
    "",
  ),
  // Markup, scripts, JSON: what answers carry.
  text(
    6,
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title></title><link rel="stylesheet" href="/css/style.css">',
    '<script type="text/javascript" src="https://www.example.com/js/jquery.min.js"></script></head><body class="main">',
    '<div id="content"><a href="http://"><img src="/images/logo.png" alt="" width="100" height="100"></a></div><span></p><br/>',
    "function(a,b){return this.length}var document.getElementById(window.location);if(!0===null){} .addEventListener prototype",
    '{"id":1,"name":"","type":"","value":0,"status":"ok","data":[{"time":"2024-01-01T00:00:00Z","true":false,"null":null}],"error":',
    '<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><u:',
    ".js .css .png .jpg .gif .svg .html .php .json .xml .txt .ico .woff2 /images/ /static/ /assets/ /admin/ /login /index. /upload /download /update",
  ),
  // Names: DNS labels with their lengths, in text with dots, and names everybody asks for.
  text(
    8,
    "\x03www\x06google\x03com\x00\x03api\x06amazon\x09amazonaws\x03com\x00\x05apple\x06icloud\x03net\x00\x0acloudfront\x03org\x00",
    "\x04_tcp\x05local\x00\x05_http\x04_tcp\x05local\x00\x09_services\x07_dns-sd\x04_udp\x05local\x00\x07in-addr\x04arpa\x00\x03ip6\x04arpa",
    "www.google.com .googleapis.com .gstatic.com .microsoft.com .windows.com .live.com .apple.com .icloud.com .amazonaws.com .amazon.com",
    ".akamai.net .akamaiedge.net .cloudflare.com .cloudfront.net .facebook.com .youtube.com .netflix.com .com.cn .co.uk .org .net .info .io .de .ru",
    "https://www. http://www. .com/ .net/ .org/ mail. cdn. api. static. img. login. update. time. ntp.pool.org",
  ),
  // Words of English and of file formats.
  text(
    5,
    "the and for that this with from not you are have has was will all can your more information about into only other which their time",
    "there been would use used user password username login server client message error version number value address service network system",
    "station tion ing ment ate ence ess ness ter ver con pro com per able ist er es en in on re st an or al to of at is it as be by he ha",
    "0123456789 0000 1000 2024 192.168.0.1 10.0.0.1 127.0.0.1 255.255.255.0 1.0.0 12:34:56 2.0.1",
    "abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdef0123456789abcdef",
  ),
  // Latin text in UTF-16 (SMB, DCE/RPC, NTLM).
  utf16(3, "WORKGROUP\\IPC$ .Windows NTLMSSP server share user name file documents"),
  // TLS (RFC 8446): record and handshake heads, common suites and extensions; certificates (RFC 5280): DER heads and the usual identifiers.
  hex(
    6,
    "160301 0200 010001fc 0303 160303 170303 140303000101 150303 130113021303c02bc02fc02cc030cca9cca8c013c014009c009d002f0035",
    "0000 000d 0012 0010 000e 000c 02 6832 08 687474702f312e31 000a 000a 0008 001d 0017 0018 0019 000b 0002 0100 0023 0000",
    "002b 0003 02 0304 0303 0033 0026 0024 001d 0020 002d 0002 0101 0403 0804 0401 0503 0805 0501 0806 0601 0201 ff01 0001 00",
    "3082 30820122 300d06092a864886f70d010101 0500 0382010f 003082010a0282010100 0203010001 300a06082a8648ce3d040302 a003020102",
    "06035504030c 060355040a 060355040613025553 0603551d0f 0603551d13 0603551d25 0603551d11 2b06010505070301 170d323430313031303030303030 5a",
  ),
  // SMB, DCE/RPC, NetBIOS, SNMP, DHCP, MQTT, executables and pictures: their heads.
  hex(
    2,
    "ff534d42 fe534d42 4000 0100 00000000 050000030b100000 4e544c4d53535000 2043414341434143414341434143414341 0101 0600 63825363 350101 370a",
    "302602010104067075626c6963 a0 2b06010201 0101 0500 00044d515454 04 89504e470d0a1a0a 0000000d49484452 ffd8ffe000104a46494600 4d5a9000 504b0304 1f8b0800",
    "546869732070726f6772616d2063616e6e6f742062652072756e20696e20444f53206d6f6465 50450000 4c01",
  ),
];
