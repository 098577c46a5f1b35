import { AgentError } from "../../core/errors.ts";
import {
  type CaptureCounters,
  defineSource,
  type FrameSink,
  newCounters,
  type Source,
  type SourceContext,
} from "../define.ts";
import { FritzBox } from "../fritz-box.ts";
import { readLiveStream } from "../live-stream.ts";
import { badSourceValue, checkSourceKeys, sourceInteger } from "../source-keys.ts";

const TYPE = "fritzbox";
const KEYS = ["url", "username", "password", "interface", "filter", "snaplen"];
const URL_OF_BOX = "http://fritz.box";
/** All that the devices of the home send and receive, before address translation. */
const INTERFACE = "1-lan";
/** What the box's own page asks for: more than any frame of its networks. */
const SNAP = 1600;
const LEAST_SNAP = 96;
const LONGEST_FILTER = 1024;

export interface FritzboxConfig {
  readonly url: URL;
  readonly username: string;
  readonly password: string;
  /** TYPE-NAME or TYPE-NUMBER, as on the box's page of captures. */
  readonly interface: string;
  readonly filter: string;
  readonly snapLength: number;
}

/** The capture that a FRITZ!Box makes of its own interfaces, fetched over its web interface. */
export const fritzbox = defineSource<FritzboxConfig>({
  type: TYPE,
  parse(config) {
    checkSourceKeys(config, TYPE, KEYS);
    const { username = "", password, interface: name = INTERFACE, filter = "" } = config;
    if (typeof username !== "string" || username.length > 64) {
      throw badSourceValue(TYPE, "username", username, "a user of the box");
    }
    if (typeof password !== "string" || password === "") {
      // The value itself is never shown.
      throw badSourceValue(
        TYPE,
        "password",
        undefined,
        "the user's password; better password_file, a file that holds it",
      );
    }
    if (typeof name !== "string" || !/^\d-[A-Za-z0-9_.]{1,24}$/.test(name)) {
      throw badSourceValue(TYPE, "interface", name, "an interface as on http://fritz.box/?lp=cap, as in 1-lan");
    }
    if (typeof filter !== "string" || filter.length > LONGEST_FILTER) {
      throw badSourceValue(TYPE, "filter", filter, 'a filter as for tcpdump, as in "not port 1883"');
    }
    const snapLength = sourceInteger(config, TYPE, "snaplen", { least: LEAST_SNAP, most: 65_535, otherwise: SNAP });
    return {
      url: boxUrl(config.url ?? URL_OF_BOX),
      username,
      password,
      interface: name,
      filter: filter.trim(),
      snapLength,
    };
  },
  open: (config, context) => new FritzboxSource(config, context),
});

function boxUrl(value: unknown): URL {
  const url = typeof value === "string" && URL.canParse(value) ? new URL(value) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "") return url;
  throw badSourceValue(TYPE, "url", value, "the box's address, as in http://192.168.178.1");
}

class FritzboxSource implements Source {
  readonly counters: CaptureCounters = newCounters();
  isConnected = false;
  readonly #config: FritzboxConfig;
  readonly #context: SourceContext;

  constructor(config: FritzboxConfig, context: SourceContext) {
    this.#config = config;
    this.#context = context;
  }

  async run(sink: FrameSink, signal: AbortSignal): Promise<void> {
    const box = new FritzBox(this.#config);
    try {
      await this.#capture(box, sink, signal);
    } catch (error) {
      // What is cut by the abort ends in an error of its own.
      if (!signal.aborted) throw error;
    } finally {
      await box.farewell(this.#config.interface);
    }
  }

  async #capture(box: FritzBox, sink: FrameSink, signal: AbortSignal): Promise<void> {
    const { url, interface: iface, snapLength, filter } = this.#config;
    await box.login(signal);
    const stream = await box.capture(iface, snapLength, filter, signal);
    this.isConnected = true;
    const warn = (message: string): void => this.#context.warn(message);
    const end = await readLiveStream(stream, { name: url.host, sink, counters: this.counters, warn }, signal);
    if (end?.code !== "ERR_TAP_STREAM" && (end === undefined || this.counters.packets > 0)) {
      if (end) throw end;
      return;
    }
    throw await this.#noCapture(box, end, signal);
  }

  /** The box answers a wrong interface with a page or with nothing: its list says more than that. */
  async #noCapture(box: FritzBox, end: AgentError, signal: AbortSignal): Promise<AgentError> {
    const { url, interface: iface } = this.#config;
    const names = await box.interfaces(signal);
    if (names.length === 0 || names.includes(iface)) return end;
    return new AgentError(
      "ERR_INTERFACE_MISSING",
      `${url.host}: there is no interface ${iface}; there are: ${names.join(", ")}`,
    );
  }
}
