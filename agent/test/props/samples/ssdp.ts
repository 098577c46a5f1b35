import { latin1, type Message } from "../stream-drive.ts";

const lines = (...text: readonly string[]): Uint8Array => latin1(`${text.join("\r\n")}\r\n\r\n`);

export const notify = lines(
  "NOTIFY * HTTP/1.1",
  "HOST: 239.255.255.250:1900",
  "CACHE-CONTROL: max-age=1800",
  "LOCATION: http://192.168.1.1:49000/igddesc.xml",
  "SERVER: FRITZ!Box 7590 UPnP/1.0 AVM FRITZ!Box 7590 154.07.57",
  "NT: urn:schemas-upnp-org:device:InternetGatewayDevice:1",
  "NTS: ssdp:alive",
  "USN: uuid:75802409-bccb-40e7-8e6c-989bcb2b1dad::urn:schemas-upnp-org:device:InternetGatewayDevice:1",
);

export const search = lines(
  "M-SEARCH * HTTP/1.1",
  "HOST: 239.255.255.250:1900",
  'MAN: "ssdp:discover"',
  "MX: 3",
  "ST: ssdp:all",
);

export const response = lines(
  "HTTP/1.1 200 OK",
  "Cache-Control:max-age=100",
  "EXT:",
  "LOCATION: http://192.168.1.40:80/description.xml",
  "SERVER: Hue/1.0 UPnP/1.0 IpBridge/1.54.0",
  "hue-bridgeid: 001788FFFE12ABCD",
  "ST: upnp:rootdevice",
  "USN: uuid:2f402f80-da50-11e1-9b23-00178812abcd::upnp:rootdevice",
);

export const samples: Message[][] = [
  [{ toServer: true, octets: notify }],
  [{ toServer: true, octets: search }],
  [{ toServer: true, octets: response }],
];
