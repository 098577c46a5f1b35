import { html, nothing, type TemplateResult } from "lit";
import { when } from "./card.ts";
import type { DeviceView } from "./device-view.ts";
import { icon } from "./icons.ts";
import type { RequestDesk } from "./request-desk.ts";
import type { Words } from "./words.ts";

/** What a device's isolation is, in words: pending, in force and how sure, refused and why. Nothing while it is free. */
export function isolationNote(
  device: DeviceView,
  desk: RequestDesk,
  words: Words,
  language: string | undefined,
): TemplateResult | typeof nothing {
  const outcome = desk.outcome(device);
  const step = desk.step(device);
  if (step === "isolating" || step === "releasing") {
    return html`<div class="row small" role="status">
      <span class="chip">${step === "isolating" ? words.isolating : words.releasing}</span>
    </div>`;
  }
  if (step === "isolated") return isolatedNote(device, words, language);
  const refused = outcome?.state === "refused" ? words.refused(outcome.why) : undefined;
  const overdue = outcome?.state === "no-answer" ? words.noAnswer : undefined;
  const failed = device.isolation?.state === "failed" ? (device.isolation.detail ?? words.failed) : undefined;
  const text = refused ?? overdue ?? failed;
  return text === undefined ? desk.note(device.topicId, words) : html`<p class="small wrap" role="status">${text}</p>`;
}

function isolatedNote(device: DeviceView, words: Words, language: string | undefined): TemplateResult {
  const { until, isProven, detail, level } = device.isolation ?? {};
  const facts = [
    level === undefined ? undefined : words.reach[level],
    isProven === true ? words.verified : words.unverified,
  ].filter((fact) => fact !== undefined);
  return html`<div class="row small" role="status">
    <span class="chip">${icon("isolated")}${words.isolated}</span>
    <span class="muted">${facts.join(", ")}${
      until === undefined ? nothing : html`; ${words.ends} ${when(until, language)}`
    }</span>
    ${detail === undefined ? nothing : html`<span class="muted wrap">${detail}</span>`}
  </div>`;
}
