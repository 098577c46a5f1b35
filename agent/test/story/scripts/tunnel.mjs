// tunnel.mjs SOCKET HOST PORT: lets a process outside of this network namespace reach HOST:PORT inside of it, by a Unix socket.
import { rmSync } from "node:fs";
import { connect, createServer } from "node:net";

const [socket, host, port] = process.argv.slice(2);
rmSync(socket, { force: true });
createServer((outer) => {
  const inner = connect(Number(port), host);
  outer.pipe(inner).pipe(outer);
  for (const [one, other] of [
    [outer, inner],
    [inner, outer],
  ])
    one.on("error", () => other.destroy()).on("close", () => other.destroy());
}).listen(socket);
