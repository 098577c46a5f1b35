import { describe, expect, it } from "vitest";
import { eve } from "./eve.ts";
import { netflow } from "./netflow.ts";
import { zeek } from "./zeek.ts";

describe("configuration of record sources", () => {
  it("fills in the defaults", () => {
    expect(eve.parse({ path: "/var/log/suricata/eve.json" })).toMatchObject({
      path: "/var/log/suricata/eve.json",
      fromStart: false,
    });
    expect(zeek.parse({ path: "/opt/zeek/logs/current", from: "start" })).toMatchObject({ fromStart: true });
    expect(netflow.parse({ allow: ["192.168.1.1"] })).toMatchObject({ host: "0.0.0.0", port: 2055, sampling: 0 });
    expect(netflow.parse({ listen: "[::]:4739", allow: ["fd00::/8"] })).toMatchObject({ host: "::", port: 4739 });
    expect(eve.parse({ listen: "unix:/run/eve.sock" })).toMatchObject({
      listen: { kind: "unix", path: "/run/eve.sock" },
    });
  });

  it.each([
    [eve, {}, "path: is missing; expected the EVE file; or, instead of it, listen"],
    [
      eve,
      { path: "a", listen: "udp://127.0.0.1:1" },
      'path: "a" is not allowed; expected the EVE file; or, instead of it',
    ],
    [eve, { path: "a", from: "now" }, 'from: "now" is not allowed; expected end or start'],
    [eve, { listen: "127.0.0.1:5514" }, "expected udp://ADDRESS:PORT, tcp://ADDRESS:PORT or unix:/PATH"],
    [
      eve,
      { listen: "udp://0.0.0.0:5514" },
      "allow: is missing; expected a list of addresses or networks that send records",
    ],
    [eve, { listen: "tcp://router:5514" }, 'listen: "router:5514" is not allowed'],
    [eve, { path: "a", pathh: 1 }, "pathh: unknown key; allowed: type, path, listen, allow, from"],
    [zeek, {}, "path: is missing; expected the folder of Zeek's current logs"],
    [netflow, {}, "allow: is missing; expected a list of addresses or networks that send records, as in [192.168.1.1]"],
    [netflow, { allow: ["router"] }, 'allow: "router" is not allowed'],
    [
      netflow,
      { allow: ["192.168.1.1"], listen: "0.0.0.0:70000" },
      'listen: "0.0.0.0:70000" is not allowed; expected ADDRESS:PORT',
    ],
    [netflow, { allow: ["192.168.1.1"], sampling: 1.5 }, "sampling: 1.5 is not allowed"],
  ])("names the key at fault", (kind, config, text) => {
    expect(() => kind.parse(config)).toThrow(text);
  });
});
