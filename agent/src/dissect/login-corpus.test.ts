import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CaptureParser } from "../capture/capture-parser.ts";
import { newCounters } from "../capture/define.ts";
import type { SensorEvent } from "./event.ts";
import { Sensor } from "./sensor.ts";

const corpus = new URL("../../../../shared/corpus/", import.meta.url).pathname;
const hasCorpus = existsSync(`${corpus}threats`);

/** Everything the sensor says of a capture. */
function sense(file: string): SensorEvent[] {
  const events: SensorEvent[] = [];
  const sensor = new Sensor({}, { emit: (event) => void events.push(structuredClone(event)) });
  const parser = new CaptureParser(sensor, newCounters(), () => {});
  parser.push(readFileSync(corpus + file));
  parser.end();
  sensor.finish();
  expect(sensor.counters.dissect.throws).toBe(0);
  return events;
}

/** "service user outcome flags" with how often. */
function logins(file: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const event of sense(file)) {
    if (event.name !== "login") continue;
    const { service, user, outcome, isDefault, isEmpty } = event.data;
    const key = `${service} ${user} ${outcome}${isDefault ? " default" : ""}${isEmpty ? " empty" : ""}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

describe.skipIf(!hasCorpus)(
  `captures with logins and mining${hasCorpus ? "" : " (skipped: no corpus beside the checkout)"}`,
  () => {
    it.each<[string, Record<string, number>]>([
      ["threats/syn-ssh-bruteforce-success.pcap", { "ssh  failure": 35, "ssh  success": 1 }],
      ["threats/syn-benign-ssh-one-typo.pcap", { "ssh  success": 1 }],
      ["threats/ftp-bruteforce.pcap", { "ftp bro failure": 30 }],
      ["threats/syn-ftp-anonymous-and-bruteforce.pcap", { "ftp admin failure": 20, "ftp anonymous success empty": 1 }],
      ["threats/syn-telnet-default-login-lan.pcap", { "telnet admin success default": 1 }],
      [
        "threats/syn-cleartext-mail-passwords.pcap",
        { "pop3 max success": 1, "imap max success": 1, "smtp max success": 1 },
      ],
      ["threats/syn-mqtt-no-auth-and-default.pcap", { "mqtt  success empty": 1 }],
      ["threats/syn-rtsp-basic-default-success.pcap", { "rtsp admin success default": 1 }],
      ["threats/syn-rtsp-no-auth.pcap", { "rtsp  success empty": 1 }],
      ["threats/syn-redis-vnc-adb-open.pcap", { "redis  success empty": 1, "vnc  success empty": 1 }],
      ["threats/socks-auth.pcap", { "socks bob success": 1 }],
      ["threats/syn-benign-jsonrpc-not-mining.pcap", {}],
      ["threats/syn-mirai-c2-keepalive.pcap", {}],
    ])("%s", (file, expected) => {
      expect(logins(file)).toEqual(expected);
    });

    it.each([
      ["threats/mining.pcapng", ["ethereum", "monero", "zcash"]],
      ["threats/syn-mining-stratum-v1-bitcoin.pcap", ["bitcoin"]],
      ["threats/syn-mining-xmrig-plain-30min.pcap", ["monero"]],
      ["threats/syn-mining-xmrig-port-443-plain.pcap", ["monero"]],
      ["threats/syn-mining-eth-getwork-submitlogin.pcap", ["ethereum"]],
    ])("%s mines %s", (file, coins) => {
      const seen = new Set(sense(file).flatMap((event) => (event.name === "stratum" ? [event.data.coin ?? ""] : [])));
      for (const coin of coins) expect(seen).toContain(coin);
    });

    it.each(["threats/syn-benign-jsonrpc-not-mining.pcap", "threats/syn-reverse-shell.pcap", "threats/bitcoin.pcap"])(
      "%s mines nothing",
      (file) => {
        const events = sense(file);
        expect(events.filter((event) => event.name === "stratum")).toEqual([]);
        expect(events.filter((event) => event.name === "flow" && event.data.app === "Mining")).toEqual([]);
      },
    );

    it("follows a worm into its commands", () => {
      const commands = sense("threats/syn-telnet-bruteforce-success.pcap").flatMap((event) =>
        event.name === "telnet" ? event.data.commands : [],
      );
      expect(commands).toContain("/bin/busybox");
    });
  },
);
