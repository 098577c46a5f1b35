// miner.mjs HOST PORT: logs in to a pool and hands in a share every half second (Stratum V1).
import { connect } from "node:net";

const [host, port] = process.argv.slice(2);
const stream = connect(Number(port), host);
let id = 0;
const ask = (method, params) => stream.write(`${JSON.stringify({ id: ++id, method, params })}\n`);
stream.on("error", () => process.exit(1));
stream.on("data", () => undefined);
ask("mining.subscribe", ["cpuminer/2.5.1"]);
ask("mining.authorize", ["34xp4vRoCGJym3xR7yCVPFHoCNxv4Twseo.plug", "x"]);
setInterval(
  () => ask("mining.submit", ["34xp4vRoCGJym3xR7yCVPFHoCNxv4Twseo.plug", "bf", "00000001", "504e86ed", "b2957c02"]),
  500,
);
