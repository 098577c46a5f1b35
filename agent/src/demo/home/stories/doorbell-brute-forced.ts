import { telnetAttempt, telnetLogin } from "../../frames/payloads/login.ts";
import { tcpTalk } from "../../frames/talk.ts";
import type { Story } from "../story.ts";

/** Users and passwords that Mirai's list begins with; none fits here. */
const GUESSES: readonly (readonly [user: string, password: string])[] = [
  ["root", "xc3511"],
  ["root", "vizxv"],
  ["admin", "admin"],
  ["root", "888888"],
  ["root", "xmhdipc"],
  ["root", "default"],
  ["root", "juantech"],
  ["root", "123456"],
  ["support", "support"],
  ["root", "54321"],
];

/** The worm of the lamp plug turns to the house: it guesses the doorbell's Telnet password. */
export const doorbellBruteForced: Story = (world) => {
  const plug = world.device("lamp-plug");
  const doorbell = world.device("doorbell");
  const startUs = world.hour(5.8);
  let nowUs = startUs;
  for (let round = 0; round < 12; round++) {
    const [first, second, third] = [0, 1, 2].map(
      (i) => GUESSES[(round * 3 + i) % GUESSES.length] ?? (["root", "root"] as const),
    );
    const attempt = (guess: readonly [string, string] | undefined) => ({
      user: guess?.[0] ?? "root",
      password: guess?.[1] ?? "root",
      success: false,
    });
    const { endUs } = tcpTalk(world.builder, {
      client: world.host("lamp-plug"),
      server: world.host("doorbell"),
      clientPort: world.port("lamp-plug"),
      serverPort: 23,
      atUs: nowUs,
      rttUs: 4200,
      segments: [
        ...telnetLogin(attempt(first), "DS-KV6113 login: "),
        ...telnetAttempt(attempt(second)),
        ...telnetAttempt(attempt(third)),
      ],
    });
    nowUs = endUs + world.random.int(300_000, 1_500_000);
  }
  return {
    id: "doorbell-brute-forced",
    title: "The lamp plug guesses the doorbell's Telnet password",
    startUs,
    endUs: nowUs,
    truth: [
      {
        kind: "brute_force",
        direction: "lateral",
        attacker: { ip: plug.ip, mac: plug.mac },
        victim: { ip: doorbell.ip, mac: doorbell.mac },
        device: plug.mac,
      },
    ],
    mayAlso: ["default_credentials", "cleartext_credentials", "login_failure", "weak_protocol", "botnet_infection"],
  };
};
