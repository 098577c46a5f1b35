// infected.mjs OWN_PORT: a camera with a worm. It talks to its cloud all the time (a datagram every 50 ms that is answered, and a connection that
// goes on), and on the line "scan" of its standard input it searches the internet for Telnet, as Mirai does; "stop" ends that.
import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { createInterface } from "node:readline";

const CLOUD = "198.18.7.7";
const [port] = process.argv.slice(2);
const say = (line) => process.stdout.write(`${JSON.stringify({ at: Date.now(), ...line })}\n`);

const datagrams = createSocket("udp4");
datagrams.on("message", () => say({ answered: "udp" }));
setInterval(() => datagrams.send("alive", Number(port), CLOUD, () => undefined), 50);

function keepConnected() {
  const stream = connect(Number(port), CLOUD);
  const beat = setInterval(() => stream.write("alive\n"), 100);
  stream.on("data", () => say({ answered: "tcp" }));
  stream.on("error", () => undefined);
  stream.on("close", () => {
    clearInterval(beat);
    setTimeout(keepConnected, 300);
  });
}
keepConnected();

let scanning;
createInterface({ input: process.stdin }).on("line", (line) => {
  clearInterval(scanning);
  if (line !== "scan") return;
  let host = 0;
  say({ scan: "begins" });
  scanning = setInterval(() => {
    host = (host + 1) % 65_000;
    const target = connect({
      host: `198.18.${128 + (host >> 8)}.${1 + ((host & 0xff) % 250)}`,
      port: host % 10 === 9 ? 2323 : 23,
    });
    target.on("error", () => undefined);
    setTimeout(() => target.destroy(), 1000);
  }, 20);
});
