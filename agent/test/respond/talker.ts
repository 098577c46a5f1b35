// Traffic for the network tests, run in namespaces of its own: `talker.ts serve PORT…` answers UDP on these ports and streams by TCP on
// 8000; `talker.ts talk NAME=KIND,ADDRESS,PORT[,FROM]…` asks all the time and prints "NAME <milliseconds>" for everything that comes back.
import { createSocket } from "node:dgram";
import { connect, createServer } from "node:net";

const [role, ...args] = process.argv.slice(2);
const STEP_MS = 20;

function serve(ports: readonly number[]): void {
  for (const port of ports) {
    const socket = createSocket({ type: "udp6", ipv6Only: false });
    socket.on("message", (message, { address, port: from }) => socket.send(message, from, address, () => undefined));
    socket.bind(port);
  }
  createServer((socket) => {
    const timer = setInterval(() => socket.write(Buffer.alloc(2000)), STEP_MS);
    socket.on("error", () => undefined).on("close", () => clearInterval(timer));
  }).listen(8000, () => process.stdout.write("ready\n"));
}

const say = (name: string): boolean => process.stdout.write(`${name} ${Date.now()}\n`);

function download(name: string, host: string, port: number): void {
  const socket = connect({ host, port });
  socket.on("data", () => say(name)).on("error", () => undefined);
  socket.on("close", () => setTimeout(() => download(name, host, port), 200));
}

function ask(name: string, host: string, port: number, from: number | undefined): void {
  const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
  socket.on("message", () => say(name)).on("error", () => undefined);
  socket.bind(from ?? 0, () => {
    if (!host.includes(":")) socket.setBroadcast(true);
    setInterval(() => socket.send("?", port, host, () => undefined), STEP_MS);
  });
}

if (role === "serve") serve(args.map(Number));
for (const line of role === "talk" ? args : []) {
  const [name = "", rest = ""] = line.split("=");
  const [kind, host = "", port, from] = rest.split(",");
  if (kind === "tcp") download(name, host, Number(port));
  else ask(name, host, Number(port), from === undefined ? undefined : Number(from));
}
