import { createHash, pbkdf2 } from "node:crypto";
import { promisify } from "node:util";

const derive = promisify(pbkdf2);

/** What `login_sid.lua` says about itself. */
export interface FritzSession {
  /** 16 hexadecimal digits; all zero: nobody is logged in. */
  readonly sid: string;
  readonly challenge: string;
  /** Seconds for which log-ins are refused, after wrong ones. */
  readonly blockSeconds: number;
  /** The user who logged in last, if the box tells it. */
  readonly lastUser: string;
}

export const NO_SESSION = "0000000000000000";
/** The box asks for 60,000 and 6,000; a stranger in its place shall not keep the machine busy for minutes. */
const MAX_ITERATIONS = 1_000_000;
const OCTETS = 32;

/** Reads the answer of `login_sid.lua`; undefined when it is none. */
export function parseSession(xml: string): FritzSession | undefined {
  const sid = element(xml, "SID");
  const challenge = element(xml, "Challenge");
  if (!/^[0-9a-f]{16}$/i.test(sid) || !/^[0-9A-Za-z$]{1,256}$/.test(challenge)) return undefined;
  const lastUser = /<User last="1">([^<]{1,64})<\/User>/.exec(xml)?.[1] ?? "";
  return { sid, challenge, blockSeconds: Number(/^\d{1,6}$/.exec(element(xml, "BlockTime"))?.[0] ?? 0), lastUser };
}

const element = (xml: string, name: string): string => new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? "";

/**
 * The answer to a challenge; undefined for a challenge of an unknown kind.
 *
 * Source   AVM, "Login procedure and session IDs in the FRITZ!Box web interface": from FRITZ!OS 7.24 on PBKDF2-HMAC-SHA256 twice
 *          ("2$iterations$salt$iterations$salt"), before that MD5 over challenge, dash and password in UTF-16LE.
 */
export async function answerChallenge(challenge: string, password: string): Promise<string | undefined> {
  const second = /^2\$(\d{1,8})\$([0-9a-f]{2,128})\$(\d{1,8})\$([0-9a-f]{2,128})$/i.exec(challenge);
  if (!second) return /^[0-9a-z]{8}$/i.test(challenge) ? answerMd5(challenge, password) : undefined;
  const [, iterations1 = "", salt1 = "", iterations2 = "", salt2 = ""] = second;
  if (Number(iterations1) > MAX_ITERATIONS || Number(iterations2) > MAX_ITERATIONS) return undefined;
  const inner = await derive(password, Buffer.from(salt1, "hex"), Math.max(1, Number(iterations1)), OCTETS, "sha256");
  const outer = await derive(inner, Buffer.from(salt2, "hex"), Math.max(1, Number(iterations2)), OCTETS, "sha256");
  return `${salt2}$${outer.toString("hex")}`;
}

/** Characters beyond Latin-1 count as a dot there. */
function answerMd5(challenge: string, password: string): string {
  const latin = password.replace(/[^\u0000-\u00ff]/g, ".");
  return `${challenge}-${createHash("md5")
    .update(Buffer.from(`${challenge}-${latin}`, "utf16le"))
    .digest("hex")}`;
}
