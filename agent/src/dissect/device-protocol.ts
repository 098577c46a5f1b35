import { type DissectorSpec, type Output, PARSE_BAD, PARSE_DONE, PARSE_MORE } from "./define.ts";
import type { DeviceTold } from "./device-told.ts";

/** One whole message: [off, end) of `buf`, borrowed for the call. */
export interface DeviceMessage {
  readonly buf: Uint8Array;
  readonly off: number;
  readonly end: number;
  readonly toServer: boolean;
}

/** State of a flow: which carrier, and how many messages were read. */
export interface DeviceState {
  readonly isStream: boolean;
  messages: number;
}

type Fixed = "name" | "label" | "category" | "transport" | "ports" | "firstOctets" | "source" | "probe" | "maxBuffered";

interface DeviceSpec<Name extends string> extends Pick<DissectorSpec<Name, DeviceTold, DeviceState>, Fixed> {
  /**
   * Of a stream: octets of the message that begins at `off`, as far as [off, end) tells. 0: more octets are needed to tell. Below 0: this is no
   * message. Absent for protocols of datagrams, and of streams that are named and not read.
   */
  length?(buf: Uint8Array, off: number, end: number): number;
  /** Reads one message, which the probe need not have seen: lengths are to be checked. Never throws. */
  tell(message: DeviceMessage, out: Output<DeviceTold>): void;
}

/** Messages of a stream that are read: greetings and descriptions come first. */
const FIRST_MESSAGES = 24;

/** A protocol of devices whose messages stand by themselves: each may tell something of who sends it. */
export const defineDeviceProtocol = <const Name extends string>(
  spec: DeviceSpec<Name>,
): DissectorSpec<Name, DeviceTold, DeviceState> => {
  const { length, tell, ...fixed } = spec;
  return {
    ...fixed,
    anomalies: [],
    open: ({ proto }) => ({ isStream: proto === "TCP", messages: 0 }),
    parse(state, slice, out) {
      if (!state.isStream || length === undefined) {
        if (!state.isStream) tell(slice, out);
        slice.off = slice.end;
        return state.isStream ? PARSE_DONE : PARSE_MORE;
      }
      const { buf, end, toServer } = slice;
      while (slice.off < end) {
        const octets = length(buf, slice.off, end);
        if (octets < 0) return state.messages === 0 ? PARSE_BAD : PARSE_DONE;
        if (octets === 0) return 1;
        if (octets > end - slice.off) return octets - (end - slice.off);
        tell({ buf, off: slice.off, end: slice.off + octets, toServer }, out);
        slice.off += octets;
        if (++state.messages >= FIRST_MESSAGES) return PARSE_DONE;
      }
      return PARSE_MORE;
    },
    eve: () => null,
  };
};

const LF = 0x0a;
/** Longest line that is waited for, octets. */
const MAX_LINE = 4096;

/** `length` of protocols of lines. */
export function lineLength(buf: Uint8Array, off: number, end: number): number {
  const stop = Math.min(end, off + MAX_LINE);
  for (let at = off; at < stop; at++) if (buf[at] === LF) return at + 1 - off;
  return end - off >= MAX_LINE ? -1 : 0;
}
