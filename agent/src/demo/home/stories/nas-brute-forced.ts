import { join } from "../../frames/octets.ts";
import {
  GO_SSH,
  OPENSSH,
  sshBanner,
  sshEncrypted,
  sshKexEcdh,
  sshKexInit,
  sshNewKeys,
} from "../../frames/payloads/ssh.ts";
import { TcpSession } from "../../frames/tcp-session.ts";
import type { Story } from "../story.ts";
import type { World } from "../world.ts";

const GUESSER = "203.0.113.201";
const RTT_US = 41_000;
const TRIES = 64;
/** Ciphertext of the server's answers with chacha20-poly1305: SERVICE_ACCEPT, USERAUTH_FAILURE ("publickey,password"), USERAUTH_SUCCESS (RFC 4252, RFC 4253 §6). */
const ACCEPT_OCTETS = 44;
const FAILURE_OCTETS = 52;
const SUCCESS_OCTETS = 28;

/** Key exchange and the request for the authentication service. Returns the session and its time. */
function greet(world: World, atUs: number): { session: TcpSession; nowUs: number } {
  const { random } = world;
  const session = new TcpSession(world.builder, {
    client: world.outside(GUESSER, 44),
    server: world.host("nas"),
    clientPort: random.int(33_000, 60_000),
    serverPort: 22,
    rttUs: RTT_US,
    clientIsn: random.int(1, 0xffff_ffff),
    serverIsn: random.int(1, 0xffff_ffff),
  });
  let nowUs = session.open(atUs);
  nowUs = session.send("client", sshBanner("Go"), nowUs + 800);
  nowUs = session.send("server", sshBanner("OpenSSH_8.2"), nowUs + 5000);
  nowUs = session.send("client", sshKexInit(GO_SSH, random), nowUs + RTT_US);
  nowUs = session.send("server", sshKexInit(OPENSSH, random), nowUs + 2000);
  nowUs = session.send("client", sshKexEcdh("client", random), nowUs + RTT_US);
  nowUs = session.send("server", join(sshKexEcdh("server", random), sshNewKeys()), nowUs + 6000);
  nowUs = session.send("client", sshNewKeys(), nowUs + RTT_US);
  nowUs = session.send("client", sshEncrypted(ACCEPT_OCTETS, random), nowUs + 900);
  nowUs = session.send("server", sshEncrypted(ACCEPT_OCTETS, random), nowUs + 2000);
  return { session, nowUs };
}

function ask(world: World, session: TcpSession, atUs: number, octets: number, answer: number): number {
  const sentUs = session.send("client", sshEncrypted(octets, world.random), atUs + RTT_US);
  return session.send(
    "server",
    sshEncrypted(answer, world.random),
    sentUs + (answer === FAILURE_OCTETS && octets > 100 ? 1_600_000 : 9000),
  );
}

/** A guesser from the internet at the NAS's SSH: dozens of refusals, then one password fits and a longer session follows. */
export const nasBruteForced: Story = (world) => {
  const { random } = world;
  const nas = world.device("nas");
  const startUs = world.hour(1.33);
  let nowUs = startUs;
  for (let i = 0; i < TRIES; i++) {
    const talk = greet(world, nowUs);
    let endUs = ask(world, talk.session, talk.nowUs, 60, FAILURE_OCTETS); // "none" first
    endUs = ask(world, talk.session, endUs, 148, FAILURE_OCTETS);
    endUs = ask(world, talk.session, endUs, 148, FAILURE_OCTETS);
    talk.session.fin("client", endUs + RTT_US);
    nowUs += random.int(2_200_000, 6_500_000);
  }
  const talk = greet(world, nowUs + 4e6);
  let endUs = ask(world, talk.session, talk.nowUs, 148, SUCCESS_OCTETS);
  for (let i = 0; i < 60; i++) {
    const sentUs = talk.session.send(
      "client",
      sshEncrypted(random.int(36, 90), random),
      endUs + random.int(300_000, 4_000_000),
    );
    endUs = talk.session.send("server", sshEncrypted(random.int(60, 2400), random), sentUs + random.int(4000, 60_000));
  }
  endUs = talk.session.fin("client", endUs + 2e6);
  return {
    id: "nas-brute-forced",
    title: "Passwords of the DiskStation are guessed over SSH from the internet until one fits",
    startUs,
    endUs,
    truth: [
      {
        kind: "brute_force",
        direction: "inbound",
        attacker: { ip: GUESSER },
        victim: { ip: nas.ip, mac: nas.mac },
        device: nas.mac,
      },
    ],
    mayAlso: ["exposed_service", "login_failure", "attack_response"],
  };
};
