import type { Device, ServedPort } from "@lanwarden/contract/device";
import { html, nothing, type TemplateResult } from "lit";
import { askedBy, LEVEL_REACH, proofText, untilText } from "../isolation-words.ts";
import { hrefOf, type PageName } from "../route.ts";
import { typeWord } from "../words.ts";
import { when } from "./parts.ts";

const NAME_SOURCES: Readonly<Record<string, string>> = {
  user: "named by you",
  "home-assistant": "as Home Assistant calls it",
  hostname: "calls itself so",
  mdns: "announces itself so",
  model: "by its model",
  vendor: "by its maker",
  address: "by its address",
};

/** Factors made by an incident carry its id after this. */
const INCIDENT = "incident.";

/** Why the score is what it is, and what each mend would save. */
export function riskFactors(device: Device, page: PageName): TemplateResult {
  const { factors } = device.risk;
  const score = Math.round(device.risk.score);
  return html`<section class="card">
    <h2>${factors.length === 0 ? "No risk known" : "Why it is at risk, and what helps"}</h2>
    ${
      factors.length === 0
        ? html`<p class="muted small">Nothing that it offers or does speaks against it.</p>`
        : html`<ul>${factors.map(
            (factor) => html`<li class="factor">
              <p>${
                factor.id.startsWith(INCIDENT)
                  ? html`<a href=${hrefOf(page, { incident: factor.id.slice(INCIDENT.length) })}>${factor.why}</a>`
                  : factor.why
              }</p>
              <span class="points num">${score} → ${Math.max(0, Math.round(device.risk.score - factor.points))}</span>
              <p class="fix">${factor.fix}</p>
            </li>`,
          )}</ul>`
    }
  </section>`;
}

/** What is known of it, with how sure and from where. */
export function deviceFacts(device: Device): TemplateResult {
  const { firmware } = device;
  const rows: [string, string | TemplateResult | null][] = [
    [
      "Kind",
      device.type === "unknown" ? "not known yet" : `${typeWord(device.type)} (${sureness(device.type_confidence)})`,
    ],
    ["Name", `${NAME_SOURCES[device.name_source] ?? device.name_source}`],
    ["Room", device.area ?? null],
    ["Maker", device.vendor],
    ["Model", device.model],
    ["System", device.os],
    ["Firmware", firmwareText(firmware)],
    ["Known holes", firmware.cves.length === 0 ? null : firmware.cves.join(", ")],
    ["Host name", device.hostname],
    ["Addresses", device.ips.length === 0 ? null : html`${device.ips.map((ip) => html`<div class="num">${ip}</div>`)}`],
    [
      "MAC",
      device.mac === null
        ? "not visible from here"
        : `${device.mac}${device.mac_randomized ? " (made up by the device)" : ""}`,
    ],
    ["First seen", when(device.first_seen)],
    ["Last seen", when(device.last_seen)],
  ];
  return facts(rows);
}

const facts = (rows: readonly [string, string | TemplateResult | null][]): TemplateResult =>
  html`<dl>${rows.map(([term, value]) => (value === null ? nothing : html`<dt>${term}</dt><dd>${value}</dd>`))}</dl>`;

/** How far an isolation reaches, how long, and what it rests on; nothing for a device that is not isolated. */
export function isolationFacts({ isolated }: Device): TemplateResult | typeof nothing {
  if (isolated.state === "no") return nothing;
  // Of one that failed, what was wanted would read like what is.
  const isInForce = isolated.state !== "failed";
  return facts([
    [
      isolated.level === "dns" ? "Stopped" : "Shut off",
      isolated.level === null || !isInForce ? null : (LEVEL_REACH[isolated.level] ?? isolated.level),
    ],
    ["Through", isolated.backend],
    ["Until", isInForce ? untilText(isolated.until, Date.now()).replace(/^until /, "") : null],
    ["Proof", isInForce ? proofText(isolated) : null],
    ["Asked by", isolated.by ? askedBy(isolated.by) : null],
  ]);
}

const sureness = (confidence: number): string =>
  confidence >= 0.9 ? "sure" : `probably, ${Math.round(confidence * 100)} %`;

function firmwareText(firmware: Device["firmware"]): string | null {
  if (firmware.version === null && !firmware.outdated && !firmware.end_of_life) return null;
  const state = firmware.end_of_life ? "no longer mended by its maker" : firmware.outdated ? "out of date" : undefined;
  const source = firmware.source === null ? undefined : `read from ${firmware.source}`;
  return [firmware.version ?? "version not known", state, source].filter(Boolean).join(", ");
}

/** The ports that others use on it, and who. */
export function services(device: Device): TemplateResult | typeof nothing {
  if (device.services.length === 0) return nothing;
  const sorted = [...device.services].sort(
    (a, b) => Number(b.to === "internet") - Number(a.to === "internet") || a.port - b.port,
  );
  return html`<section class="card">
    <h2>What it offers, and to whom</h2>
    <ul>${sorted.map(
      (service) => html`<li class="service">
        <span>${serviceName(service)}</span>
        ${
          service.to === "internet"
            ? html`<span class="chip high">the internet</span>`
            : html`<span class="muted">the home</span>`
        }
      </li>`,
    )}</ul>
  </section>`;
}

const serviceName = (service: ServedPort): string =>
  `${service.app_proto === undefined ? "Unknown service" : service.app_proto.toUpperCase()}, ${service.proto} port ${service.port}`;
