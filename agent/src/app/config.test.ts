import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { AgentError } from "../core/errors.ts";
import { publicConfig } from "./api-context.ts";
import { durationSeconds, nearest, parseConfig, readConfig } from "./config.ts";
import { sampleConfig } from "./sample-config.ts";
import { checkSources } from "./sources.ts";

const parse = (text: string, env: NodeJS.ProcessEnv = {}) => parseConfig(text, "home.yaml", env);
const SOURCES = "sources: [{ type: interface, interface: eth1 }]\n";
const fault = (text: string): string => {
  try {
    parse(text);
  } catch (error) {
    expect(error).toBeInstanceOf(AgentError);
    return (error as AgentError).message;
  }
  throw new Error("no fault was found");
};

describe("configuration", () => {
  test("the sample is valid, and only sources are needed", () => {
    const sample = parse(sampleConfig);
    expect(sample.mqtt).toMatchObject({ url: "mqtt://127.0.0.1:1883", embedded: { host: "127.0.0.1", port: 1883 } });
    expect(() => checkSources(sample.sources, "home.yaml")).not.toThrow();
    expect(parse(SOURCES)).toMatchObject({
      agent: "home",
      mode: "monitor",
      http: { host: "127.0.0.1", port: 8470 },
      mqtt: undefined,
    });
  });

  test("names key path, fault and what is allowed", () => {
    expect(fault(`${SOURCES}mqqt: { url: embedded }`)).toBe('home.yaml: mqqt: unknown key; did you mean "mqtt"?');
    expect(fault(`${SOURCES}mqtt: { adress: x }`)).toMatch(
      /^home\.yaml: mqtt\.adress: unknown key; allowed: url, listen/,
    );
    expect(fault(`${SOURCES}response: { mode: attack }`)).toMatch(
      /^home\.yaml: response\.mode: "attack" .*monitor \| ask \| protect/,
    );
    expect(fault(`${SOURCES}response: { release_after: 4 hours }`)).toMatch(
      /response\.release_after: "4 hours".*30s or 4h/,
    );
    expect(fault("agent: home")).toMatch(/^home\.yaml: sources: is missing, as in: sources:/);
    expect(fault(`${SOURCES}http: { listen: "127.0.0.1:99999" }`)).toMatch(/http\.listen: port 99999 is above 65535/);
    expect(fault(`${SOURCES}home: { networks: [192.168.1.0/99] }`)).toMatch(
      /home\.networks\[0\]: "192\.168\.1\.0\/99" is not a network/,
    );
    expect(fault(`${SOURCES}devices: [{ mac: "nonsense" }]`)).toMatch(/devices\[0\]\.mac: "nonsense"/);
    expect(fault("sources: [")).toMatch(/^home\.yaml:\d+:\d+: not valid YAML/);
    expect(() => checkSources([{ type: "telepathy" }], "home.yaml")).toThrow(
      /sources\[0\]\.type: "telepathy" is no kind of source; allowed: .*file/,
    );
  });

  test("takes environment variables and secrets from files", () => {
    const folder = mkdtempSync(join(tmpdir(), "lanwarden-config-"));
    writeFileSync(join(folder, "secret"), "s3cret\n");
    const path = join(folder, "home.yaml");
    writeFileSync(path, `${SOURCES}mqtt: { url: "mqtt://\${BROKER_HOST}", username: u, password_file: secret }\n`);
    process.env.BROKER_HOST = "broker.local";
    expect(readConfig(path).mqtt).toMatchObject({ url: "mqtt://broker.local", username: "u", password: "s3cret" });
    delete process.env.BROKER_HOST;
    expect(() => readConfig(path)).toThrow(/mqtt\.url: the environment variable BROKER_HOST is not set/);
    expect(() => readConfig(join(folder, "none.yaml"))).toThrow(
      /no such file; "lanwarden init" writes a commented sample/,
    );
    rmSync(folder, { recursive: true });
  });

  test("is shown without any secret", () => {
    const shown = publicConfig(
      parse(
        `${SOURCES}mqtt: { url: "mqtt://user:hunter2@broker:1883", username: u, password: hunter2 }\nhome_assistant: { url: "http://ha:8123", token: hunter2 }\n`,
      ),
    );
    expect(JSON.stringify(shown)).not.toContain("hunter2");
    expect(shown).toMatchObject({
      agent: "home",
      mqtt: { url: "mqtt://broker:1883" },
      sources: [{ interface: "eth1" }],
    });
  });

  test("durations and near words", () => {
    expect(["30s", "5m", "4h", "2d"].map(durationSeconds)).toEqual([30, 300, 14_400, 172_800]);
    expect(nearest("sorces", ["sources", "store"])).toBe("sources");
    expect(nearest("xyz", ["sources"])).toBeUndefined();
  });

  test("home_assistant: everything but url and token may be left out", () => {
    const base = `${SOURCES}home_assistant: { url: "http://ha:8123/", token: t`;
    expect(parse(SOURCES).homeAssistant).toBeUndefined();
    expect(parse(`${base} }`).homeAssistant).toEqual({
      url: "http://ha:8123",
      token: "t",
      push: [],
      speak: [],
      tts: undefined,
      quiet: undefined,
      severity: "medium",
    });
    expect(
      parse(
        `${base}, push: auto, speak: [media_player.hall], tts: tts.piper, quiet_hours: 22:00-07:00, severity: high }`,
      ).homeAssistant,
    ).toMatchObject({ push: "auto", tts: "tts.piper", quiet: { from: "22:00", to: "07:00" }, severity: "high" });
    expect(parse(`${base}, push: [notify.mobile_app_a, mobile_app_b] }`).homeAssistant?.push).toHaveLength(2);
  });

  test("home_assistant: a url needs a token, a media player a voice; what is wrong is named", () => {
    const base = `${SOURCES}home_assistant: { url: "http://ha:8123", token: secret-1`;
    expect(fault(`${SOURCES}home_assistant: { url: "http://ha:8123" }`)).toMatch(
      /^home\.yaml: home_assistant\.token: is missing; .*token_file$/,
    );
    expect(fault(`${base}, speak: [media_player.hall] }`)).toMatch(
      /home_assistant\.tts: is missing; media_player\.hall/,
    );
    expect(fault(`${base}, quiet_hours: 22-7 }`)).toMatch(/home_assistant\.quiet_hours: "22-7".*22:00-07:00/);
    expect(fault(`${base}, push: all }`)).toMatch(/home_assistant\.push: "all".*auto \(every companion app\)/);
    expect(fault(`${base}, speak: [light.hall] }`)).toMatch(/home_assistant\.speak\[0\]: "light\.hall"/);
    expect(fault(`${base}, severity: info }`)).not.toContain("secret-1");
  });
});
