import { describe, expect, it } from "vitest";
import { guarded, open, samples } from "../../../test/props/samples/redis.ts";
import { dialogue, drive, expectNoiseHarmless, expectSplitsAlike, latin1 } from "../../../test/props/stream-drive.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { redis } from "./redis.ts";

const listen = (lines: readonly string[]) => drive(redis, dialogue(...lines));

describe("redis", () => {
  it("tells a server that asks nobody, and what was administered", () => {
    const told = listen(open);
    expect(told.logins).toEqual([
      { service: "redis", user: "", outcome: "success", isDefault: false, isEmpty: true, isClearText: false },
    ]);
    expect(told.events).toEqual([
      { command: "INFO", isError: false },
      { command: "CONFIG SET", parameter: "dir", isError: false },
    ]);
  });

  it("tells log-ins and keeps neither password nor data", () => {
    const told = listen(guarded);
    expect(told.logins).toEqual([
      { service: "redis", user: "", outcome: "failure", isDefault: true, isEmpty: false, isClearText: true },
      { service: "redis", user: "default", outcome: "success", isDefault: false, isEmpty: false, isClearText: true },
    ]);
    expect(told.events.map((event) => `${event.command} ${event.error ?? "ok"}`)).toEqual([
      "INFO NOAUTH",
      "AUTH WRONGPASS",
      "AUTH ok",
      "KEYS ok",
    ]);
    expect(JSON.stringify(told)).not.toMatch(/own pw|foobared|xxx/);
  });

  it("probes", () => {
    const probe = (text: string, serverPort: number) =>
      redis.probe(
        { buf: latin1(text), off: 0, end: text.length, toServer: true, atUs: 0 },
        { clientPort: 1, serverPort },
      );
    expect(probe("*1\r\n$4\r\nINFO\r\n", 7000)).toBe(PROBE_YES);
    expect(probe("*1\r", 7000)).toBe(PROBE_MORE);
    expect(probe("* OK IMAP", 7000)).toBe(PROBE_NO);
    expect(probe("info\r\n", 6379)).toBe(PROBE_YES);
  });

  it("never throws and does not depend on how the stream is cut", () => {
    expectSplitsAlike(redis, samples);
    expectNoiseHarmless(redis, samples, [
      "*2\r\n",
      "$4\r\n",
      "$-1\r\n",
      "AUTH x\r\n",
      "+OK\r\n",
      "-ERR x\r\n",
      "*999999999\r\n",
      "$999999999\r\n",
    ]);
  });
});
