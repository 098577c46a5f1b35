import type { DeviceType } from "@lanwarden/contract/kinds";
import type { DeviceTold } from "../../dissect/device-told.ts";
import type { FlowRef } from "../../dissect/event.ts";
import { defineFingerprint, type ObserveContext } from "../define.ts";
import { isNoName, observeFacts, senderOf } from "../facts.ts";

/** What both ends of the comparison need of an event of such a protocol. */
interface ToldEvent {
  readonly name: string;
  readonly flow: FlowRef;
  readonly toServer: boolean;
  readonly data: DeviceTold;
}

/** A thing that speaks its maker's protocol and says what it is; anybody in the net could say so, hence no certainty. */
const WEIGHT = 0.7;
/** A name that its owner gave it, of protocols in which that is the host's name. */
const NAME_WEIGHT = 0.6;

/** Reads the facts of a message about its sender. */
function tells(type?: DeviceType, vendor?: string, isHostName = false) {
  return (event: ToldEvent, context: ObserveContext): void => {
    const { data, name } = event;
    const sender = senderOf(event);
    const maker = data.vendor ?? vendor;
    // Questions and commands hold none of it: who asks is not of the kind that it asks for.
    const isAnswer = data.vendor !== undefined || data.model !== undefined || data.mac !== undefined;
    if (!isAnswer || !context.isHome(sender.ip)) return;
    const facts = {
      ...(type !== undefined && { type }),
      ...(maker !== undefined && { vendor: maker }),
      ...(data.model !== undefined && { model: data.model }),
      ...(data.firmware !== undefined && { firmware: data.firmware }),
    };
    const what = data.model ?? maker ?? data.mac ?? "";
    observeFacts(context, sender, { weight: WEIGHT, facts }, `${name} message says ${what}`, `told.${name}`);
    if (isHostName && data.name !== undefined && !isNoName(data.name)) {
      const evidence = `${name} message says its name is ${data.name}`;
      context.observe({ ...sender, hostname: data.name, weight: NAME_WEIGHT, evidence, source: `told.${name}.name` });
    }
  };
}

/** What things at home say of themselves in protocols of their makers and trades. */
export const deviceProtocols = defineFingerprint({
  id: "device-protocols",
  on: {
    knx: tells("hub"),
    esphome: tells("iot", undefined, true),
    tuya: tells("iot"),
    "tplink-shp": tells("iot"),
    "tplink-tdp": tells("iot"),
    lifx: tells("light"),
    yeelight: tells("light"),
    wiz: tells("light"),
    govee: tells("light"),
    broadlink: tells("iot"),
    irobot: tells("iot"),
    daikin: tells("iot"),
    gree: tells("iot"),
    speedwire: tells("iot"),
    solarman: tells("iot"),
    keba: tells("iot"),
    weatherflow: tells("iot"),
    "easy-weather": tells("iot"),
    loxone: tells("hub"),
    "homematic-lan": tells("hub"),
    crestron: tells("hub"),
    slimproto: tells(),
    snapcast: tells(),
    eiscp: tells("speaker"),
    "art-net": tells("iot"),
    "plex-gdm": tells("server"),
    hdhomerun: tells("media-player"),
    "hikvision-sadp": tells("camera"),
    dahua: tells("camera"),
    dvrip: tells("camera"),
    "xbox-smartglass": tells("game-console", undefined, true),
    "playstation-remote": tells("game-console", undefined, true),
    "mikrotik-ndp": tells("router", "MikroTik", true),
    "ubiquiti-discovery": tells(undefined, "Ubiquiti", true),
    nsdp: tells(undefined, "Netgear"),
    skinny: tells("phone"),
    "amx-ddp": tells(),
    wsd: (event, context) => {
      // ONVIF's scopes name hardware; printers and computers send no such.
      if (event.data.model !== undefined) tells("camera")(event, context);
    },
  },
});
