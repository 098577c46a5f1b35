import { spawnSync } from "node:child_process";
import { makeIncident } from "@lanwarden/contract/test-double/samples";
import { describe, expect, it } from "vitest";
import { freePort, hasMosquitto, mosquitto } from "./brokers.ts";
import { FakeHome } from "./fake-home.ts";
import { Listener, pause, until } from "./listener.ts";
import { kept, open } from "./open-sink.ts";

describe.skipIf(!hasMosquitto)("MQTT with mosquitto and passwords", () => {
  it("says clearly that the password is refused, goes on trying, and is there when it is right", async () => {
    const closed = kept(await mosquitto("right"), (broker) => broker.remove());
    const home = new FakeHome();
    const sink = await open(home, closed.url, { username: "lanwarden", password: "wrong" });
    await until("the refusal is said", () => home.warnings.length > 0);
    expect(home.warnings[0]).toMatch(
      /refuses the user name or password: check mqtt\.username and mqtt\.password; trying on/,
    );
    expect(home.warnings.join()).not.toContain("wrong");
    await pause(900);
    expect(home.warnings).toHaveLength(1);
    sink.incident("opened", makeIncident("aaaaaaaaaaaa", { device: null }));
    // The user mends it on the broker's side: the same password is right from now on.
    await closed.stop();
    spawnSync("mosquitto_passwd", ["-b", closed.usersFile, "lanwarden", "wrong"]);
    await closed.start();
    await until("connected", () => sink.notReady() === undefined);
    expect(home.infos.join()).toContain("is back; 1 waiting events go out");
  }, 20_000);

  it("connects with the right password, and shows none that stands in the address", async () => {
    const broker = kept(await mosquitto("right"), (it) => it.remove());
    const sink = await open(new FakeHome(), broker.url, { username: "lanwarden", password: "right" });
    await until("connected", () => sink.notReady() === undefined);
    const home = new FakeHome("other");
    const refused = await open(home, broker.url.replace("//", "//lanwarden:secret@"));
    await until("the refusal is said", () => home.warnings.length > 0);
    expect(home.warnings.join() + refused.notReady()).not.toContain("secret");
  });
});

describe("the embedded broker", () => {
  it("is started with the sink, asks for the password, and is not open to the home without one", async () => {
    const port = await freePort();
    const config = { embedded: { host: "127.0.0.1", port }, username: "lanwarden", password: "right" };
    const sink = await open(new FakeHome(), `mqtt://127.0.0.1:${port}`, config);
    await until("connected", () => sink.notReady() === undefined);
    await expect(
      Listener.open(`mqtt://127.0.0.1:${port}`, ["#"], { password: "no", username: "lanwarden" }),
    ).rejects.toThrow(/refused/i);
    const other = await freePort();
    await expect(
      open(new FakeHome(), "mqtt://0.0.0.0", { embedded: { host: "0.0.0.0", port: other } }),
    ).rejects.toThrow(/mqtt\.listen/);
  });
});
