// router-switch.mjs MQTT_URL ADDRESS: a router as its own Home Assistant integration shows it: a switch that blocks one client. It is the test's
// stand-in for whatever router a user has; Lanwarden only knows the switch.
import { execFileSync } from "node:child_process";
import mqtt from "mqtt";

const [url, address] = process.argv.slice(2);
const nft = (script) => execFileSync("nft", ["-f", "-"], { input: script });
nft(`table inet parental {
  set blocked { type ipv4_addr; }
  chain forward { type filter hook forward priority -5; ip saddr @blocked drop; ip daddr @blocked drop; }
}`);
const client = mqtt.connect(url);
const publish = (topic, payload) => client.publish(topic, payload, { retain: true, qos: 1 });
client.on("connect", () => {
  client.subscribe("router/block/set");
  publish(
    "homeassistant/switch/router_block/config",
    JSON.stringify({
      unique_id: "router_block_camera",
      name: "Block the camera",
      command_topic: "router/block/set",
      state_topic: "router/block/state",
      device: { identifiers: ["router"], name: "Router" },
    }),
  );
  publish("router/block/state", "OFF");
});
client.on("message", (_topic, payload) => {
  const isOn = String(payload) === "ON";
  nft(`flush set inet parental blocked${isOn ? `\nadd element inet parental blocked { ${address} }` : ""}`);
  publish("router/block/state", isOn ? "ON" : "OFF");
});
