// internet.mjs PORT POOL_PORT: the far ends of the story. PORT answers datagrams and streams alike (the camera's cloud, 198.18.7.7, writes
// down each time that it hears something; the television's stream, 198.18.9.9, does not); POOL_PORT is a mining pool (Stratum V1).
import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import { createInterface } from "node:readline";

const [port, poolPort] = process.argv.slice(2).map(Number);
const say = (line) => process.stdout.write(`${JSON.stringify({ at: Date.now(), ...line })}\n`);

/** Answers datagrams at one address; the answer must come from the address that was asked. */
function echo(address, hear) {
  const socket = createSocket("udp4");
  socket.on("message", (message, from) => {
    hear(String(message));
    socket.send(message, from.port, from.address, () => undefined);
  });
  socket.bind(port, address);
}
echo("198.18.7.7", (text) => say({ heard: "udp", text: text.slice(0, 16) }));
echo("198.18.9.9", () => undefined);

createServer((stream) => {
  stream.on("data", (data) => {
    say({ heard: "tcp", text: String(data).slice(0, 16).trim() });
    stream.write(data);
  });
  stream.on("error", () => undefined);
}).listen(port, "0.0.0.0");

createServer((stream) => {
  createInterface({ input: stream }).on("line", (line) => {
    const { id, method } = JSON.parse(line);
    const answer = (result) => stream.write(`${JSON.stringify({ id, result, error: null })}\n`);
    if (method === "mining.subscribe") answer([[["mining.notify", "ae6812eb4cd7735a302a8a9dd95cf71f"]], "08000002", 4]);
    else answer(true);
    if (method !== "mining.authorize") return;
    stream.write(`${JSON.stringify({ id: null, method: "mining.set_difficulty", params: [512] })}\n`);
    const job = [
      "bf",
      "4d16b6f85af6e2198f44ae2a6de67f78487ae5611b77c6c0440b921e00000000",
      "01000000",
      "072f736c757368",
      [],
      "00000002",
      "1c2ac4af",
      "504e86b9",
      true,
    ];
    stream.write(`${JSON.stringify({ id: null, method: "mining.notify", params: job })}\n`);
  });
  stream.on("error", () => undefined);
}).listen(poolPort, "0.0.0.0");
say({ internet: "ready" });
