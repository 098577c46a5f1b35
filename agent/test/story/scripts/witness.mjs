// witness.mjs URL TOKEN: writes down every change of state in Home Assistant, a JSON line each, with the time at which it was told.
// Lines on standard input are WebSocket commands without id; their results are written down too. It comes back when Home Assistant does.
import { createInterface } from "node:readline";

const [url, token] = process.argv.slice(2);
const say = (line) => process.stdout.write(`${JSON.stringify({ at: Date.now(), ...line })}\n`);
let socket;
let number = 0;
const send = (message) => socket.send(JSON.stringify({ id: ++number, ...message }));

function listen() {
  socket = new WebSocket(`${url.replace(/^http/, "ws")}/api/websocket`);
  socket.onmessage = ({ data }) => {
    for (const message of [JSON.parse(data)].flat()) take(message);
  };
  socket.onclose = () => setTimeout(listen, 200);
  socket.onerror = () => undefined;
}

function take(message) {
  if (message.type === "auth_required") socket.send(JSON.stringify({ type: "auth", access_token: token }));
  else if (message.type === "auth_ok") {
    number = 0;
    send({ type: "subscribe_events", event_type: "state_changed" });
    send({ type: "subscribe_events", event_type: "mobile_app_notification_action" });
    say({ witness: "ready" });
  } else if (message.type === "event" && message.event.data.action !== undefined) {
    say({ tapped: message.event.data.action });
  } else if (message.type === "event") {
    const { entity_id: entity, new_state: state } = message.event.data;
    say({ entity, state: state?.state ?? null, attributes: state?.attributes ?? {} });
  } else if (message.type === "result" && message.id > 2)
    say({ result: message.result ?? message.error, ok: message.success });
}

createInterface({ input: process.stdin }).on("line", (line) => send(JSON.parse(line)));
listen();
