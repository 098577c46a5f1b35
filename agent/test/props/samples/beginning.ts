import { latin1 } from "../stream-drive.ts";

/** How a protocol begins: octets of its first message, who sends it, and the port where that matters. */
export interface Beginning {
  readonly name: string;
  readonly transport: "tcp" | "udp";
  readonly octets: Uint8Array;
  /** The server speaks first. */
  readonly fromServer?: true;
  /** Recognised on this port only. */
  readonly port?: number;
  /** Only lengths can be told from noise. */
  readonly isShape?: true;
  /** The event that a dissector of it makes of these octets. */
  readonly tells?: object;
  /** Application by which it names the flow. */
  readonly app?: string;
}

export const text = (content: string): Uint8Array => latin1(content);
export const zeros = (octets: number): string => "00".repeat(octets);
export const udp = (name: string, octets: Uint8Array, port?: number): Beginning => ({
  name,
  transport: "udp",
  octets,
  ...(port === undefined ? {} : { port }),
});
export const tcp = (name: string, octets: Uint8Array, port?: number): Beginning => ({
  name,
  transport: "tcp",
  octets,
  ...(port === undefined ? {} : { port }),
});
export const server = (beginning: Beginning): Beginning => ({ ...beginning, fromServer: true });

/** What a device tells by the message. */
export const telling = (beginning: Beginning, tells: object): Beginning => ({ ...beginning, tells });
/** Text as the octets of hexadecimal digits, filled up with zeros. */
export const field = (content: string, octets: number = content.length): string =>
  Buffer.from(content, "latin1")
    .toString("hex")
    .padEnd(octets * 2, "0");
