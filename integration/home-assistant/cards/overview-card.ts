import { HOME_RISKS, type HomeRisk } from "@lanwarden/contract/home-risks";
import { css, html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { type CardConfig, chip, empty, LanwardenCard, offlineNote, when } from "./card.ts";
import { Commands } from "./commands.ts";
import { type ConfigForm, commonConfig, configForm, countOption, flagOption } from "./config.ts";
import type { DeviceView } from "./device-view.ts";
import type { Hass, RawConfig } from "./hass.ts";
import type { HomeView, IncidentView } from "./home-view.ts";
import { icon, severityMark } from "./icons.ts";
import { isolationNote } from "./isolation-note.ts";
import { RequestDesk } from "./request-desk.ts";
import { ring, ringStyles } from "./ring.ts";
import { base } from "./styles.ts";
import type { Words } from "./words.ts";

interface OverviewConfig extends CardConfig {
  readonly maxIncidents: number;
  readonly hideRisks: boolean;
}

const MAX_INCIDENTS = 5;
const MAX_NAMES = 3;
/** Names in a list of names are cut, or one would fill the card. */
const MAX_NAME = 30;

function readConfig(raw: RawConfig): OverviewConfig {
  return {
    ...commonConfig(raw),
    maxIncidents: countOption(raw, "max_incidents", 1, MAX_INCIDENTS) ?? 3,
    hideRisks: flagOption(raw, "hide_risks") ?? false,
  };
}

/** Is my home safe? One sentence, then what needs a person, as decisions with buttons. */
export class LanwardenOverviewCard extends LanwardenCard<OverviewConfig> {
  static override styles = [
    base,
    ringStyles,
    css`
      .say { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 8px 16px; align-items: center; }
      .say h2 { font-size: 1.375rem; line-height: 1.25; text-wrap: balance; align-self: start; }
      .say .ring { grid-row: 1 / span 2; grid-column: 2; }
      .mark { color: var(--lw-c); align-self: end; }
      .mark svg.icon { width: 30px; height: 30px; }
      @container (max-width: 420px) {
        .say .ring { grid-row: 1; zoom: 0.85; }
        .say h2 { grid-column: 1 / -1; }
        .mark { align-self: center; }
        .mark svg.icon { width: 40px; height: 40px; }
      }
      .decision { display: grid; gap: 8px; padding: 12px; border-radius: var(--lw-radius); background: var(--lw-soft); }
      .decision p { font-weight: 600; line-height: 1.35; }
      .decision p.small { font-weight: 400; }
      .decision .chip:not(.critical) { background: var(--lw-card); }
      .decision .muted { color: color-mix(in oklab, var(--lw-muted) 70%, var(--lw-text)); }
      @container (max-width: 350px) {
        .decision .row { gap: 6px; }
        .decision button { padding: 0 10px; }
      }
      .decisions { display: grid; gap: 8px; }
      .risks { display: grid; gap: 10px 16px; }
      @container (min-width: 560px) {
        .risks { grid-template-columns: repeat(3, minmax(0, 1fr)); }
      }
      .risks li { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 10px; align-items: start; }
      .risks svg.icon { color: var(--lw-c); }
      .risks strong, .risks .small { display: block; }
      .risks strong { font-size: 0.875rem; font-weight: 600; line-height: 1.4; }
      .foot { display: flex; flex-wrap: wrap; gap: 4px 16px; }
      .foot span { display: inline-flex; gap: 6px; align-items: center; }
    `,
  ];

  readonly #desk = new RequestDesk(this);

  static getStubConfig(): RawConfig {
    return {};
  }

  static getConfigForm(): ConfigForm {
    return configForm(
      {
        max_incidents: {
          label: "Incidents shown",
          helper: "The worst come first; the others are counted.",
          selector: { number: { min: 1, max: MAX_INCIDENTS, mode: "box" } },
        },
        hide_risks: { label: "Leave out the three classic risks", selector: { boolean: {} } },
      },
      readConfig,
    );
  }

  getCardSize(): number {
    return 4;
  }

  getGridOptions(): Record<string, number | string> {
    return { columns: 12, min_columns: 6, rows: "auto" };
  }

  protected override readConfig(raw: RawConfig): OverviewConfig {
    return readConfig(raw);
  }

  protected override content(home: HomeView, words: Words, hass: Hass): TemplateResult {
    if (home.sentence === undefined) return empty("unplugged", words.offline, words.offlineLong);
    const { config } = this;
    const title = config?.title === undefined ? nothing : html`<h3>${config.title}</h3>`;
    return html`${title}${masthead(home, home.sentence, words)}
      ${home.tap === "off" && home.isOnline ? tapNote(home, words) : nothing}
      ${this.#decisions(home, words, hass)}
      ${config?.hideRisks === false ? classicRisks(home, words) : nothing}
      ${foot(home, words)}`;
  }

  #decisions(home: HomeView, words: Words, hass: Hass): TemplateResult | typeof nothing {
    const shown = home.incidents.slice(0, this.config?.maxIncidents);
    if (shown.length === 0) return nothing;
    const more = home.openCount - shown.length;
    const commands = new Commands(hass, home.hub.agent);
    return html`<section class="decisions" aria-label=${words.decisions}>
      ${repeat(
        shown,
        ({ id }) => id,
        (incident) => {
          const device = home.devices.find(({ topicId }) => topicId === incident.topicId);
          return this.#decision(incident, device, commands, words, hass);
        },
      )}
      ${more > 0 ? html`<p class="muted small">${words.moreIncidents(more)}</p>` : nothing}
    </section>`;
  }

  #decision(
    incident: IncidentView,
    device: DeviceView | undefined,
    commands: Commands,
    words: Words,
    hass: Hass,
  ): TemplateResult {
    const mark = severityMark(incident.severity);
    const { id } = incident;
    const isSent = this.#desk.isSent(id);
    return html`<article class="decision ${mark.css}" aria-label=${incident.title}>
      <div class="row">
        ${chip(mark, words.severity[incident.severity])}
        <span class="muted small">${when(incident.firstSeen, hass.language)}</span>
      </div>
      <p class="wrap">${incident.title}</p>
      <div class="row">
        ${device === undefined ? nothing : this.#isolationButton(incident, device, commands, words)}
        <button type="button" title=${words.normalHint} ?disabled=${isSent}
          @click=${() => this.#desk.send(id, () => commands.normal(id))}>${words.normal}</button>
        <button type="button" title=${words.seenHint} ?disabled=${isSent}
          @click=${() => this.#desk.send(id, () => commands.acknowledge(id))}>${words.seen}</button>
      </div>
      ${device === undefined ? nothing : isolationNote(device, this.#desk, words, hass.language)}
      ${this.#desk.note(id, words)}
    </article>`;
  }

  #isolationButton(
    incident: IncidentView,
    device: DeviceView,
    commands: Commands,
    words: Words,
  ): TemplateResult | typeof nothing {
    const step = this.#desk.step(device);
    const isBad = incident.severity === "high" || incident.severity === "critical";
    if (step === "isolated") {
      const release = (): void => this.#desk.ask(device, "no", () => commands.release(device));
      return html`<button type="button" @click=${release}>${words.release}</button>`;
    }
    if (step !== "free" || incident.isVictim) return nothing;
    const isolate = (): void =>
      this.#desk.ask(device, "yes", () => commands.isolateForIncident(device.topicId, incident.id));
    return html`<button class=${isBad ? "primary" : ""} type="button" @click=${isolate}>${words.isolateHours}</button>`;
  }
}

function masthead(home: HomeView, sentence: string, words: Words): TemplateResult {
  const isBlind = home.tap === "off" || !home.isOnline;
  const state = home.threat !== "none" ? home.threat : isBlind ? "medium" : "ok";
  const mark = home.threat === "none" && isBlind ? "unplugged" : state;
  return html`<header class="say">
    <span class="mark ${state}">${icon(mark)}</span>
    <h2 class="wrap" dir="auto" aria-live="polite">${sentence}</h2>
    ${home.risk === undefined || isBlind ? nothing : ring(home.risk, words)}
  </header>`;
}

const tapNote = (home: HomeView, words: Words): TemplateResult => html`<div class="row small" role="status">
  <span class="muted">${home.tapReason ?? words.blindLong}</span>
</div>`;

function classicRisks(home: HomeView, words: Words): TemplateResult | typeof nothing {
  const { homeRisks: counts, tap, isOnline } = home;
  if (counts === undefined) return nothing;
  // Whoever sees nothing must not say that nothing is open.
  if (HOME_RISKS.every((risk) => counts[risk] === 0))
    return tap === "off" || !isOnline ? nothing : html`<p class="muted small">${words.allClassicGood}</p>`;
  return html`<ul class="risks" aria-label=${words.homeRisks}>
    ${HOME_RISKS.map((risk) => {
      const count = counts[risk];
      const { name, none, some } = words.homeRisk[risk];
      return html`<li class=${count === 0 ? "ok" : "medium"}>
        ${icon(count === 0 ? "ok" : risk)}
        <span><strong>${name}</strong>
        <span class="muted small wrap">${count === 0 ? none : `${words.devices(count)} ${some}${names(home, risk, words)}`}</span></span>
      </li>`;
    })}
  </ul>`;
}

/** ": Hall camera, NAS and 2 more": those that Home Assistant knows by name. */
function names(home: HomeView, risk: HomeRisk, words: Words): string {
  const all = home.devices.filter(({ homeRisks }) => homeRisks.includes(risk)).map(({ name }) => cut(name));
  if (all.length === 0) return "";
  const rest = all.length - MAX_NAMES;
  return `: ${all.slice(0, MAX_NAMES).join(", ")}${rest > 0 ? ` ${words.more(rest)}` : ""}`;
}

const cut = (name: string): string => {
  const letters = [...name];
  return letters.length > MAX_NAME ? `${letters.slice(0, MAX_NAME - 1).join("")}…` : name;
};

function foot(home: HomeView, words: Words): TemplateResult {
  if (!home.isOnline) return offlineNote(words);
  return html`<div class="foot small muted">
    ${home.tap === undefined ? nothing : html`<span>${icon(home.tap === "on" ? "eye" : "unplugged")}${home.tap === "on" ? words.watching : words.blind}</span>`}
    ${home.mode === undefined ? nothing : html`<span>${icon("mode")}<span>${words.modeLabel}: ${words.mode[home.mode]}</span></span>`}
  </div>`;
}
