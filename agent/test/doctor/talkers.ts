// Hosts of a test home: `serve` answers HTTP on port 8001, `talk ADDRESS… BROADCAST` asks each in turn and announces itself.
import { createSocket } from "node:dgram";
import { createServer, get } from "node:http";

const [role, ...addresses] = process.argv.slice(2);
const PORT = 8001;
const PAGE = Buffer.alloc(200_000, "x");

if (role === "serve") {
  createServer((_request, response) => response.end(PAGE)).listen(PORT, "0.0.0.0", () =>
    process.stdout.write("ready\n"),
  );
} else {
  const broadcast = addresses.pop() ?? "";
  let turn = 0;
  setInterval(() => {
    const host = addresses[turn++ % addresses.length] ?? "";
    get({ host, port: PORT, agent: false }, (response) => response.resume()).on("error", () => undefined);
  }, 120);
  const socket = createSocket("udp4");
  socket.bind(0, () => {
    socket.setBroadcast(true);
    setInterval(() => socket.send(`here I am, ${turn}`, 9999, broadcast), 250);
  });
}
