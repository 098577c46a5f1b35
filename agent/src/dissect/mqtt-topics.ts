/** Programs and things by the first word of their topics. A topic is chosen by its owner; these are what programs come with. */
const FIRST_WORDS: ReadonlyMap<string, string> = new Map([
  ["zigbee2mqtt", "Zigbee2MQTT"],
  ["zwave", "ZWaveJS"],
  ["zwavejs2mqtt", "ZWaveJS"],
  ["tasmota", "Tasmota"],
  ["shellies", "Shelly"],
  ["esphome", "ESPHome"],
  ["frigate", "Frigate"],
  ["valetudo", "Valetudo"],
  ["wled", "WLED"],
  ["owntracks", "OwnTracks"],
  ["rtl_433", "rtl_433"],
  ["octoPrint", "OctoPrint"],
  ["evcc", "evcc"],
  ["openWB", "openWB"],
  ["teslamate", "TeslaMate"],
  ["hermes", "Rhasspy"],
  ["milight", "MiLight"],
  ["OpenMQTTGateway", "OpenMQTTGateway"],
  ["espresense", "ESPresense"],
  ["go-eCharger", "go-eCharger"],
  ["homie", "Homie"],
  ["homeassistant", "HomeAssistant"],
]);
/** Tasmota's: kind, device, what. */
const TASMOTA = /^(?:tele|stat)\/[^/]+\/(?:LWT|STATE|SENSOR|RESULT|POWER\d?|INFO\d|STATUS\d*)$/;
/** Victron's: notification, portal, service. */
const VICTRON = /^[NRW]\/[0-9a-f]{12}\//;
const BAMBU = /^device\/[0-9A-Z]{15}\/(?:report|request)$/;

/** The application that a topic is of; undefined for topics of nobody's making. "HomeAssistant" (its discovery) is used by all others too. */
export function applicationOfTopic(topic: string): string | undefined {
  const slash = topic.indexOf("/");
  if (slash < 0) return undefined;
  const known = FIRST_WORDS.get(topic.slice(0, slash));
  if (known !== undefined) return known;
  if (TASMOTA.test(topic)) return "Tasmota";
  if (VICTRON.test(topic)) return "Victron";
  return BAMBU.test(topic) ? "BambuLab" : undefined;
}
