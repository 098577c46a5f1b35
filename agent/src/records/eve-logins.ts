import { LruMap } from "../core/lru-map.ts";
import type { FlowRef, LoginEvent } from "../dissect/event.ts";
import { LoginAttempt } from "../dissect/login-attempt.ts";
import type { FlowStory } from "./flow-story.ts";
import { type Fields, flagIn, integerIn, objectIn, textIn, textsIn } from "./json-fields.ts";
import { tellLogin } from "./protocol-events.ts";

const MAX_USERS = 4096;
/** A password is looked at and let go; longer ones are no factory defaults. */
const MAX_PASSWORD = 128;

/** Log-ins that EVE's records of FTP, MQTT and VNC show. Suricata writes passwords into its log: they are judged here and never kept. */
export class EveLogins {
  /** FTP: user of a flow, until its password comes. */
  readonly #users = new LruMap<number, string>(MAX_USERS);
  readonly #story: FlowStory;

  constructor(story: FlowStory) {
    this.#story = story;
  }

  ftp(flow: FlowRef, atUs: number, ftp: Fields): void {
    const command = textIn(ftp, "command", 8)?.toUpperCase();
    if (command === "USER") {
      const user = textIn(ftp, "command_data") ?? "";
      this.#users.set(flow.id, user);
      // RFC 959 §5.4: 230 to USER lets in without a password.
      if (hasCode(ftp, "230")) this.#tell(flow, atUs, "ftp", "success", (attempt) => attempt.nothing(user));
      return;
    }
    if (command !== "PASS") return;
    const user = this.#users.get(flow.id) ?? "";
    const outcome = hasCode(ftp, "230") ? "success" : hasCode(ftp, "530") ? "failure" : "unknown";
    this.#tell(flow, atUs, "ftp", outcome, (attempt) =>
      attempt.judge(user, textIn(ftp, "command_data", MAX_PASSWORD) ?? ""),
    );
  }

  mqtt(flow: FlowRef, atUs: number, mqtt: Fields): void {
    const connect = objectIn(mqtt, "connect");
    const connack = objectIn(mqtt, "connack");
    if (connect === undefined || connack === undefined) return;
    const code = integerIn(connack, "return_code", 255);
    // MQTT 3.1.1 §3.2.2.3 and MQTT 5 §3.2.2.2: bad user name or password, not authorised.
    const outcome = code === 0 ? "success" : [4, 5, 0x86, 0x87].includes(code ?? -1) ? "failure" : "unknown";
    const user = textIn(connect, "username") ?? "";
    const flags = objectIn(connect, "flags");
    const hasPassword =
      Object.hasOwn(connect, "password") || (flags !== undefined && flagIn(flags, "password") === true);
    this.#tell(flow, atUs, "mqtt", outcome, (attempt) =>
      hasPassword ? attempt.judge(user, textIn(connect, "password", MAX_PASSWORD) ?? "?") : attempt.nothing(user),
    );
  }

  rfb(flow: FlowRef, atUs: number, rfb: Fields): void {
    const authentication = objectIn(rfb, "authentication");
    if (authentication === undefined) return;
    const result = textIn(authentication, "security_result", 16)?.toUpperCase();
    const isOpen = integerIn(authentication, "security_type", 255) === 1;
    const outcome = result === "OK" ? "success" : result === "FAIL" ? "failure" : isOpen ? "success" : "unknown";
    this.#tell(flow, atUs, "vnc", outcome, (attempt) => (isOpen ? attempt.nothing("") : attempt.hidden("")));
  }

  #tell(
    flow: FlowRef,
    atUs: number,
    service: string,
    outcome: LoginEvent["outcome"],
    judge: (attempt: LoginAttempt) => void,
  ): void {
    const attempt = new LoginAttempt(service);
    judge(attempt);
    attempt.close(outcome, { login: (login) => tellLogin(this.#story, flow, atUs, login) });
  }
}

const hasCode = (ftp: Fields, code: string): boolean => textsIn(ftp, "completion_code").includes(code);
