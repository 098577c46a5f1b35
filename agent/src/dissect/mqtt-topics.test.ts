import { describe, expect, it } from "vitest";
import { applicationOfTopic } from "./mqtt-topics.ts";

describe("applications by topic", () => {
  it.each([
    ["zigbee2mqtt/bridge/state", "Zigbee2MQTT"],
    ["homeassistant/light/x/config", "HomeAssistant"],
    ["shellies/plug/relay/0", "Shelly"],
    ["tele/washer/SENSOR", "Tasmota"],
    ["N/c0619ab12345/system/0/Serial", "Victron"],
    ["device/01S00A123456789/report", "BambuLab"],
    ["kitchen/lamp", undefined],
    ["tele/a/b/SENSOR", undefined],
    ["zigbee2mqtt", undefined],
    ["", undefined],
  ])("%s is of %s", (topic, app) => expect(applicationOfTopic(topic)).toBe(app));
});
