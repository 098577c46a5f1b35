import { xmrig } from "../../frames/payloads/stratum.ts";
import { TcpSession } from "../../frames/tcp-session.ts";
import type { Story } from "../story.ts";
import type { World } from "../world.ts";

const CAMERA = "garden-camera";
const POOL = "pool.supportxmr.com";
const PORT = 3333;
/** The address that the Monero project takes donations at: everybody knows it, nobody is blamed. */
const WALLET = "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A";

/** One connection to the pool, from log-in to close: jobs every two minutes or so, shares when one is found, a keep-alive each minute without. */
function mine(world: World, fromUs: number, toUs: number): void {
  const { random } = world;
  const { host, place, atUs } = world.resolve(CAMERA, POOL, fromUs);
  const session = new TcpSession(world.builder, {
    client: world.host(CAMERA),
    server: host,
    clientPort: world.port(CAMERA),
    serverPort: PORT,
    rttUs: place.rttUs,
  });
  const miner = random.hex(8);
  let id = 1;
  let nowUs = session.open(atUs);
  nowUs = session.send("client", xmrig.login(id++, WALLET), nowUs + 4000);
  nowUs = session.send("server", xmrig.loggedIn(1, miner, random), nowUs + place.rttUs);
  session.ack("client", nowUs + 40_000);
  let nextJobUs = nowUs + random.jitter(110e6, 0.4);
  let job = random.hex(8);
  for (;;) {
    nowUs += random.jitter(58e6, 0.35);
    if (nowUs > toUs - 2e6) break;
    if (nowUs >= nextJobUs) {
      job = random.hex(8);
      session.send("server", xmrig.job(miner, random), nowUs);
      session.ack("client", nowUs + 40_000);
      nextJobUs = nowUs + random.jitter(120e6, 0.5);
      nowUs += 3e6;
    }
    const isShare = random.next() < 0.45;
    session.send("client", isShare ? xmrig.submit(id, miner, job, random) : xmrig.keepAlive(id, miner), nowUs);
    nowUs = session.send("server", isShare ? xmrig.accepted(id) : xmrig.keptAlive(id), nowUs + place.rttUs);
    session.ack("client", nowUs + 40_000);
    id++;
  }
  session.fin("client", toUs - 1_000_000);
}

/** A camera that mines Monero for a stranger, to the end. It changes its connection once, as pools make miners do. */
export const cameraMines: Story = (world) => {
  const startUs = world.hour(0.33);
  const changeUs = world.hour(5.5) + 100e6;
  mine(world, startUs, world.hour(5.47));
  mine(world, changeUs, world.endUs);
  const camera = world.device(CAMERA);
  return {
    id: "camera-mines",
    title: "The garden camera mines Monero for a stranger's wallet",
    startUs,
    endUs: world.endUs,
    truth: [
      {
        kind: "mining",
        direction: "outbound",
        attacker: { ip: camera.ip, mac: camera.mac },
        victim: { ip: world.place(POOL).ipv4 },
        device: camera.mac,
      },
    ],
    mayAlso: ["mining_dns", "mining_suspected", "botnet_infection", "new_behavior"],
  };
};
