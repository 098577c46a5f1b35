import { Environment, Logger, LogLevel, ServerNode } from "@matter/main";
import { BooleanStateClient } from "@matter/main/behaviors/boolean-state";
import { BridgedDeviceBasicInformationClient } from "@matter/main/behaviors/bridged-device-basic-information";
import { OnOffClient } from "@matter/main/behaviors/on-off";
import { serve } from "./serve.ts";

// A controller of another make than the CHIP one: Home Assistant's Matter server is becoming one of this kind.
Environment.default.vars.set("storage.path", process.env.CONTROLLER_STORAGE ?? "");
Logger.level = LogLevel.ERROR;
const controller = await ServerNode.create({ id: "controller", network: { port: 5560 } });
await controller.start();

type Peer = Awaited<ReturnType<typeof controller.peers.commission>>;
let peer: Peer;

const now = (): number => Number(process.hrtime.bigint() / 1000n) / 1000;

serve({
  commission: async (code: string) => {
    const begun = now();
    // Without an id of ours: an announcement that is heard on two ways makes two candidates, of which one is paired.
    peer = await controller.peers.commission({ pairingCode: code });
    const ms = now() - begun;
    for (const endpoint of peer.endpoints)
      if (endpoint.behaviors.has(BooleanStateClient))
        endpoint.eventsOf(BooleanStateClient).stateValue$Changed.on((value: boolean) => {
          process.send?.({ event: "contact", endpoint: endpoint.number, value, t: now() });
        });
    return ms;
  },
  remove: async () => {
    await peer.decommission();
    return "ok";
  },
  labels: () =>
    Object.fromEntries(
      [...peer.endpoints]
        .filter((endpoint) => endpoint.behaviors.has(BridgedDeviceBasicInformationClient))
        .map((endpoint) => [endpoint.stateOf(BridgedDeviceBasicInformationClient).nodeLabel, endpoint.number]),
    ),
  command: async (number: number, command: "on" | "off") => {
    const endpoint = [...peer.endpoints].find((one) => one.number === number);
    try {
      await endpoint?.commandsOf(OnOffClient)[command]();
      return "ok";
    } catch (error) {
      return (error as Error).message;
    }
  },
});
process.send?.({ event: "ready", t: now() });
