export const SSDP_GROUP = "239.255.255.250";
export const SSDP_PORT = 1900;

const lines = (...rows: readonly string[]): string => `${rows.join("\r\n")}\r\n\r\n`;

/** Search in the group (UPnP Device Architecture 2.0 §1.3.2). */
export const ssdpSearch = (target = "ssdp:all", maxWaitSeconds = 2, userAgent?: string): string =>
  lines(
    "M-SEARCH * HTTP/1.1",
    `HOST: ${SSDP_GROUP}:${SSDP_PORT}`,
    'MAN: "ssdp:discover"',
    `MX: ${maxWaitSeconds}`,
    `ST: ${target}`,
    ...(userAgent ? [`USER-AGENT: ${userAgent}`] : []),
  );

export interface SsdpDevice {
  /** Where the description is: "http://192.168.178.1:49000/igddesc.xml". */
  readonly location: string;
  /** "FRITZ!OS/8.02 UPnP/1.0 AVM FRITZ!Box 7590". */
  readonly server: string;
  /** "upnp:rootdevice" or "urn:schemas-upnp-org:device:InternetGatewayDevice:1". */
  readonly type: string;
  readonly uuid: string;
}

/** Announcement (§1.2.2), or farewell (§1.2.3). */
export const ssdpNotify = (device: SsdpDevice, state: "alive" | "byebye" = "alive"): string =>
  lines(
    "NOTIFY * HTTP/1.1",
    `HOST: ${SSDP_GROUP}:${SSDP_PORT}`,
    "CACHE-CONTROL: max-age=1800",
    `LOCATION: ${device.location}`,
    `NT: ${device.type}`,
    `NTS: ssdp:${state}`,
    `SERVER: ${device.server}`,
    `USN: uuid:${device.uuid}::${device.type}`,
  );

/** Answer to a search (§1.3.3). */
export const ssdpAnswer = (device: SsdpDevice): string =>
  lines(
    "HTTP/1.1 200 OK",
    "CACHE-CONTROL: max-age=1800",
    "EXT:",
    `LOCATION: ${device.location}`,
    `SERVER: ${device.server}`,
    `ST: ${device.type}`,
    `USN: uuid:${device.uuid}::${device.type}`,
  );
