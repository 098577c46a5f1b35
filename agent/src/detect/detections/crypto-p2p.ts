import { defineDetection } from "../define.ts";
import { clientOf } from "../party.ts";
import { DistinctCount, Rearm } from "../window.ts";

const DEFAULTS = {
  /** Different outside hosts that exchanged data with one device on the port of a coin's own network within the window. One may be chance; a node keeps eight or more. */
  peers: 4,
  windowSeconds: 3600,
};

export interface CryptoP2pState {
  readonly peers: DistinctCount<string>;
  readonly rearm: Rearm;
}

/** Default ports of full nodes. All are registered for nothing else that homes use. */
const COINS: ReadonlyMap<number, string> = new Map([
  [8333, "Bitcoin"],
  [18_333, "Bitcoin (test)"],
  [9333, "Litecoin"],
  [22_556, "Dogecoin"],
  [18_080, "Monero"],
  [30_303, "Ethereum"],
  [8233, "Zcash"],
  [9999, "Dash"],
  [8767, "Ravencoin"],
]);

/** Protocols that belong to these ports, and "failed", which is none. */
const COIN_PROTOCOLS: ReadonlySet<string> = new Set(["bitcoin", "ethereum", "monero", "failed"]);

export const cryptoP2p = defineDetection<typeof DEFAULTS, CryptoP2pState>({
  id: "mining.crypto-p2p",
  signatureId: 7700002,
  kind: "crypto_p2p",
  severity: "low",
  attack: [{ tactic: "TA0040", technique: "T1496" }],
  advice: [
    "The device runs a wallet or a node of a cryptocurrency, which is not mining but moves many data.",
    "If it is your wallet, call it normal; if not, find the program that does it.",
  ],
  defaults: DEFAULTS,
  quietSeconds: 86_400,
  state: (settings) => ({ peers: new DistinctCount(settings.windowSeconds, 512, 128), rearm: new Rearm(3600) }),
  on: {
    flow({ data, flow, atUs }, state, context, settings) {
      if (data.phase !== "update" && data.phase !== "end") return;
      const coin = COINS.get(flow.serverPort);
      if (coin === undefined || flow.proto !== "TCP" || context.isHome(flow.serverIp)) return;
      // The port alone is chance as long as nobody has looked at the content.
      if (flow.unseen?.content || flow.unseen?.opener) return;
      // Another protocol was recognised by its content: the port is chance.
      const isOther = data.appProto !== undefined && !COIN_PROTOCOLS.has(data.appProto);
      if (isOther || data.payloadToServer === 0 || data.payloadToClient === 0) return;
      const key = `${flow.clientIp} ${coin}`;
      const peers = state.peers.add(key, flow.serverIp, atUs);
      if (peers < settings.peers || !state.rearm.due(key, peers, atUs)) return;
      context.raise({
        confidence: 0.7,
        attacker: clientOf(flow, context),
        victim: null,
        direction: "outbound",
        title: `{device} takes part in the ${coin} network`,
        why: [
          `It exchanged data with ${peers} hosts on TCP port ${flow.serverPort}, the port of ${coin} nodes, within an hour (threshold ${settings.peers}).`,
          "Judged by port and number of peers; no other protocol was recognised there.",
        ],
        fields: { coin, peers, port: flow.serverPort },
        flow,
        atUs,
        group: coin,
      });
    },
  },
});
