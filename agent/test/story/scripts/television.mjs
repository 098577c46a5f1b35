// television.mjs HOST PORT: watches a stream: a numbered datagram every 50 ms, each of which is answered; a gap in the answers is a loss.
import { createSocket } from "node:dgram";

const [host, port] = process.argv.slice(2);
const say = (line) => process.stdout.write(`${JSON.stringify({ at: Date.now(), ...line })}\n`);
/** An answer that is later than this has been lost. */
const LATE_MS = 1000;
const waiting = new Map();
let number = 0;
const socket = createSocket("udp4");
socket.on("message", (text) => {
  waiting.delete(Number(text));
  if (Number(text) === 1) say({ television: "on" });
});
setInterval(() => {
  waiting.set(++number, Date.now());
  socket.send(String(number), Number(port), host, () => undefined);
  for (const [sent, at] of waiting) {
    if (Date.now() - at < LATE_MS) break;
    waiting.delete(sent);
    say({ lost: sent });
  }
}, 50);
