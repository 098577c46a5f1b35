import { u8, u16 } from "../core/bytes.ts";
import { sanitizeOctets } from "../core/sanitize.ts";

/** Reads fields of one MQTT packet in order; past the end every field is empty and `isBad` is set. */
export class MqttReader {
  isBad = false;
  readonly #buf: Uint8Array;
  #at: number;
  readonly #end: number;

  constructor(buf: Uint8Array, off: number, end: number) {
    this.#buf = buf;
    this.#at = off;
    this.#end = end;
  }

  get left(): number {
    return this.#end - this.#at;
  }

  #take(octets: number): number {
    const at = this.#at;
    if (octets > this.#end - at) {
      this.isBad = true;
      this.#at = this.#end;
      return -1;
    }
    this.#at = at + octets;
    return at;
  }

  octet(): number {
    const at = this.#take(1);
    return at < 0 ? 0 : u8(this.#buf, at);
  }

  word(): number {
    const at = this.#take(2);
    return at < 0 ? 0 : u16(this.#buf, at);
  }

  /** Text with its length before it. */
  text(): string {
    const length = this.word();
    const at = this.#take(length);
    return at < 0 ? "" : sanitizeOctets(this.#buf, at, at + length);
  }

  /** Variable byte integer (MQTT 5 §1.5.5). */
  variable(): number {
    let value = 0;
    for (let i = 0; i < 4; i++) {
      const octet = this.octet();
      value += (octet & 127) * 128 ** i;
      if (octet < 128) return value;
    }
    this.isBad = true;
    return 0;
  }

  /** MQTT 5 properties: their content is not looked at. */
  skipProperties(): void {
    this.#take(this.variable());
  }
}

export interface MqttFlags {
  readonly username: boolean;
  readonly password: boolean;
  readonly willRetain: boolean;
  readonly will: boolean;
  readonly cleanSession: boolean;
}

/** CONNECT without the password, which goes no further than `isDefault` and `isEmpty` of the log-in. */
export interface MqttConnect {
  readonly protocol: string;
  /** 3 (MQTT 3.1), 4 (3.1.1), 5. */
  readonly version: number;
  readonly flags: MqttFlags;
  readonly keepAliveSeconds: number;
  readonly clientId: string;
  readonly user?: string;
  readonly willTopic?: string;
}

/** Reads the body of CONNECT (MQTT 3.1.1 §3.1, MQTT 5 §3.1). `password` takes the secret; undefined result = malformed. */
export function readConnect(
  buf: Uint8Array,
  off: number,
  end: number,
  password: (user: string, secret: string) => void,
): MqttConnect | undefined {
  const reader = new MqttReader(buf, off, end);
  const protocol = reader.text();
  const version = reader.octet();
  const bits = reader.octet();
  const flags: MqttFlags = {
    username: (bits & 0x80) !== 0,
    password: (bits & 0x40) !== 0,
    willRetain: (bits & 0x20) !== 0,
    will: (bits & 0x04) !== 0,
    cleanSession: (bits & 0x02) !== 0,
  };
  const keepAliveSeconds = reader.word();
  if (version === 5) reader.skipProperties();
  const clientId = reader.text();
  let willTopic: string | undefined;
  if (flags.will) {
    if (version === 5) reader.skipProperties();
    willTopic = reader.text();
    reader.text();
  }
  const user = flags.username ? reader.text() : undefined;
  const secret = flags.password ? reader.text() : "";
  if (reader.isBad) return undefined;
  if (user !== undefined || flags.password) password(user ?? "", secret);
  return {
    protocol,
    version,
    flags,
    keepAliveSeconds,
    clientId,
    ...(user !== undefined && { user }),
    ...(willTopic !== undefined && { willTopic }),
  };
}
