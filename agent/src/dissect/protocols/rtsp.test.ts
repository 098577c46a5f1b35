import { describe, expect, it } from "vitest";
import { basic, digest, open, samples } from "../../../test/props/samples/rtsp.ts";
import { dialogue, drive, expectNoiseHarmless, expectSplitsAlike, latin1 } from "../../../test/props/stream-drive.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { rtsp } from "./rtsp.ts";

const listen = (lines: readonly string[]) => drive(rtsp, dialogue(...lines));

describe("rtsp", () => {
  it("pairs requests and answers, passes over bodies and media, tells the default log-in once", () => {
    const told = listen(basic);
    expect(told.logins).toEqual([
      { service: "rtsp", user: "admin", outcome: "success", isDefault: true, isEmpty: false, isClearText: true },
    ]);
    expect(told.events.map((event) => `${event.method} ${event.status} ${event.authorization}`)).toEqual([
      "OPTIONS 200 none",
      "DESCRIBE 401 none",
      "DESCRIBE 200 basic",
      "SETUP 200 basic",
      "PLAY 200 basic",
      "TEARDOWN 200 basic",
    ]);
    expect(told.events[1]).toMatchObject({
      url: "rtsp://192.168.1.9:554/h264",
      userAgent: "VLC",
      server: "Dahua Rtsp Server",
      realm: "Login to 3K",
    });
  });

  it("tells a camera that asks nobody", () => {
    expect(listen(open).logins).toEqual([
      { service: "rtsp", user: "", outcome: "success", isDefault: false, isEmpty: true, isClearText: false },
    ]);
  });

  it("tells a refused digest, but not one over an old nonce; hides a password in the URL", () => {
    expect(listen(digest).logins).toMatchObject([{ user: "root", outcome: "failure", isClearText: false }]);
    expect(listen([digest[0]!, digest[1]!.replace("nonce=", "stale=true, nonce=")]).logins).toEqual([]);
    const url = listen(["> PLAY rtsp://a:pw@cam/1 RTSP/1.0\r\n\r\n", "< RTSP/1.0 404 Not Found\r\n\r\n"]);
    expect(url.events[0]?.url).toBe("rtsp://cam/1");
  });

  it("probes", () => {
    const probe = (text: string) =>
      rtsp.probe(
        { buf: latin1(text), off: 0, end: text.length, toServer: true, atUs: 0 },
        { clientPort: 1, serverPort: 2 },
      );
    expect(probe("DESCRIBE rtsp://x RTSP/1.0")).toBe(PROBE_YES);
    expect(probe("OPTIONS rt")).toBe(PROBE_MORE);
    expect(probe("OPTIONS / HTTP/1.1")).toBe(PROBE_NO);
    expect(probe("RTSP/1.0 200 OK")).toBe(PROBE_YES);
  });

  it("never throws and does not depend on how the stream is cut", () => {
    expectSplitsAlike(rtsp, samples);
    expectNoiseHarmless(rtsp, samples, [
      "$",
      "RTSP/1.0 200 OK\r\n",
      "Content-Length: 9\r\n",
      "\r\n\r\n",
      "Authorization: Basic x\r\n",
    ]);
  });

  it("knows AirPlay, which begins like HTTP", () => {
    const probe = (text: string) => {
      const buf = latin1(text);
      return rtsp.probe({ buf, off: 0, end: buf.length, toServer: true, atUs: 0 }, { clientPort: 1, serverPort: 7000 });
    };
    expect(probe("GET /info RTSP/1.0\r\nCSeq: 0\r\n")).toBe(PROBE_YES);
    expect(probe("POST /pair-verify RTSP/1.0\r\n")).toBe(PROBE_YES);
    expect(probe("POST /pair-verify HTTP/1.1\r\n")).toBe(PROBE_NO);
    expect(probe("GET /info RTS")).toBe(PROBE_MORE);
    expect(probe("GET /index.html RTSP/1.0\r\n")).toBe(PROBE_NO);
    const told = listen([
      "> GET /info RTSP/1.0\r\nCSeq: 0\r\nUser-Agent: AirPlay/550.10\r\n\r\n",
      "< RTSP/1.0 200 OK\r\nCSeq: 0\r\nServer: AirTunes/366.0\r\n\r\n",
    ]);
    expect(told.labels).toEqual([{ app: "AirPlay" }]);
    expect(told.events[0]).toMatchObject({ method: "GET", url: "/info", server: "AirTunes/366.0" });
  });
});
