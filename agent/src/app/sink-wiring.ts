import { discovery } from "@lanwarden/home-assistant/discovery";
import type { Sink, SinkContext } from "../sinks/define.ts";
import { eveFile } from "../sinks/targets/eve-file.ts";
import { mqtt } from "../sinks/targets/mqtt.ts";
import type { Config } from "./config.ts";

/** Opens the sinks that the configuration names. */
export async function openSinks(config: Config, context: SinkContext): Promise<Sink[]> {
  const sinks: Sink[] = [];
  try {
    if (config.eve) sinks.push(await eveFile.open(config.eve, context));
    if (config.mqtt)
      sinks.push(await mqtt.open({ ...config.mqtt, linkByMac: config.mqtt.linkByMac ?? false, discovery }, context));
    return sinks;
  } catch (error) {
    await Promise.all(sinks.map((sink) => sink.close()));
    throw error;
  }
}
