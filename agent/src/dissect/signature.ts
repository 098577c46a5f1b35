import { u8 } from "../core/bytes.ts";
import {
  type DissectorSpec,
  PARSE_DONE,
  PROBE_MORE,
  PROBE_NO,
  PROBE_YES,
  type ProbeCode,
  type Slice,
} from "./define.ts";

/** A protocol that is recognised by how it begins and not followed further: it names the flow and raises no events. */
type SignatureSpec<Name extends string> = Pick<
  DissectorSpec<Name, never, null>,
  "name" | "label" | "category" | "transport" | "ports" | "firstOctets" | "source" | "probe"
>;

export const defineSignature = <const Name extends string>(
  spec: SignatureSpec<Name>,
): DissectorSpec<Name, never, null> => ({
  anomalies: [],
  open: () => null,
  parse: (_state, slice) => {
    slice.off = slice.end;
    return PARSE_DONE;
  },
  eve: () => null,
  ...spec,
});

/** Compares with how a message begins, one octet a character: PROBE_MORE while all that is there fits but more is needed. */
export function probeBeginning({ buf, off, end }: Slice, text: string): ProbeCode {
  const length = Math.min(text.length, end - off);
  for (let i = 0; i < length; i++) if (u8(buf, off + i) !== text.charCodeAt(i)) return PROBE_NO;
  return length === text.length ? PROBE_YES : PROBE_MORE;
}

/** The same for several beginnings: the first that fits, or could still fit, in their order. */
export function probeBeginnings(slice: Slice, texts: readonly string[]): ProbeCode {
  for (const text of texts) {
    const code = probeBeginning(slice, text);
    if (code !== PROBE_NO) return code;
  }
  return PROBE_NO;
}

/** The first octets of texts, for `firstOctets`. */
export const firstOctetsOf = (...texts: readonly string[]): readonly number[] =>
  texts.map((text) => text.charCodeAt(0));
