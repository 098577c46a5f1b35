import { css, html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { type CardConfig, chip, empty, LanwardenCard, offlineNote } from "./card.ts";
import { Commands } from "./commands.ts";
import {
  type ConfigForm,
  choiceOption,
  commonConfig,
  configForm,
  countOption,
  flagOption,
  textOption,
} from "./config.ts";
import { areasOf, arrange, SORTS, type Sort } from "./device-order.ts";
import type { DeviceView } from "./device-view.ts";
import type { Hass, RawConfig } from "./hass.ts";
import type { HomeView } from "./home-view.ts";
import { icon, levelMark } from "./icons.ts";
import { isolationNote } from "./isolation-note.ts";
import { RequestDesk } from "./request-desk.ts";
import { base } from "./styles.ts";
import type { Words } from "./words.ts";

interface DevicesConfig extends CardConfig {
  readonly sort: Sort;
  /** Id of an area of Home Assistant. */
  readonly area?: string;
  readonly maxRows: number;
  readonly hideFilter: boolean;
}

function readConfig(raw: RawConfig): DevicesConfig {
  const area = textOption(raw, "area");
  return {
    ...commonConfig(raw),
    sort: choiceOption(raw, "sort", SORTS) ?? "risk",
    ...(area === undefined ? {} : { area }),
    maxRows: countOption(raw, "max_rows", 1, 64) ?? 8,
    hideFilter: flagOption(raw, "hide_filter") ?? false,
  };
}

/** A filter of one room is not worth its place in a short list. */
const FILTER_FROM = 6;
const ALL = "*";
const NONE = "-";

/** Devices by their risk: how bad, why, and what to do. */
export class LanwardenDevicesCard extends LanwardenCard<DevicesConfig> {
  static override properties = {
    ...LanwardenCard.properties,
    chosenSort: { state: true },
    chosenArea: { state: true },
    openRow: { state: true },
    asking: { state: true },
    isWhole: { state: true },
  };
  declare protected chosenSort: Sort | undefined;
  declare protected chosenArea: string | undefined;
  /** Topic id of the device whose reasons are shown. */
  declare protected openRow: string | undefined;
  /** Topic id of the device that waits for a confirmation. */
  declare protected asking: string | undefined;
  declare protected isWhole: boolean | undefined;

  static override styles = [
    base,
    css`
      .head { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; justify-content: space-between; }
      .rows { display: grid; }
      .rows > li { border-top: 1px solid var(--lw-line); }
      .rows > li:first-child { border-top: 0; }
      .line {
        display: grid; grid-template-columns: minmax(0, 1fr) auto auto 20px; gap: 12px; align-items: center;
        width: calc(100% + 16px); max-width: none; margin-inline: -8px; padding: 8px; min-height: 48px; border: 0; border-radius: 6px; text-align: start; justify-content: stretch;
        font-weight: inherit; color: inherit;
      }
      .line strong { display: block; font-size: 0.9375rem; font-weight: 600; line-height: 1.3; }
      .line .score { min-width: 2ch; text-align: end; font-size: 0.9375rem; }
      .line > svg.icon { color: var(--lw-muted); transition: transform 150ms; }
      .line[aria-expanded="true"] > svg.icon { transform: rotate(180deg); }
      .states { display: flex; gap: 6px; flex-wrap: wrap; justify-content: end; }
      .more { display: grid; gap: 12px; padding: 4px 0 16px; }
      .more ul { display: grid; gap: 6px; }
      .more li { padding-inline-start: 14px; position: relative; }
      .more li::before { content: ""; position: absolute; inset-inline-start: 2px; top: 0.6em; width: 5px; height: 5px; border-radius: 50%; background: var(--lw-muted); }
      .confirm { display: grid; gap: 10px; padding: 12px; border-radius: var(--lw-radius); background: color-mix(in oklab, var(--lw-muted) 10%, var(--lw-card)); }
      @media (max-width: 480px) { .head select { flex: 1; } }
    `,
  ];

  readonly #desk = new RequestDesk(this);

  static getStubConfig(): RawConfig {
    return {};
  }

  static getConfigForm(): ConfigForm {
    return configForm(
      {
        sort: {
          label: "Order",
          selector: {
            select: {
              mode: "dropdown",
              options: [
                { value: "risk", label: "Riskiest first" },
                { value: "name", label: "By name" },
                { value: "area", label: "By room" },
              ],
            },
          },
        },
        area: { label: "Room", helper: "Only devices of this room.", selector: { area: {} } },
        max_rows: {
          label: "Rows",
          helper: "More are shown when asked for.",
          selector: { number: { min: 1, max: 64, mode: "box" } },
        },
        hide_filter: { label: "Leave out order and room above the list", selector: { boolean: {} } },
      },
      readConfig,
    );
  }

  getCardSize(): number {
    return 2 + (this.config?.maxRows ?? 8);
  }

  getGridOptions(): Record<string, number | string> {
    return { columns: 12, min_columns: 6, rows: "auto" };
  }

  protected override readConfig(raw: RawConfig): DevicesConfig {
    return readConfig(raw);
  }

  protected override content(home: HomeView, words: Words, hass: Hass): TemplateResult {
    const { config } = this;
    if (config === undefined) return html``;
    const fixed = config.area === undefined ? undefined : (hass.areas[config.area]?.name ?? config.area);
    const all = fixed === undefined ? home.devices : home.devices.filter(({ area }) => area === fixed);
    if (all.length === 0) {
      return fixed === undefined
        ? empty("devices", words.noDevices, words.noDevicesLong)
        : empty("devices", fixed, words.noneInArea);
    }
    const rooms = areasOf(all);
    const chosen = this.chosenArea ?? ALL;
    const area = chosen === ALL ? null : chosen === NONE ? undefined : chosen.slice(1);
    const rows = arrange(all, this.chosenSort ?? config.sort, area);
    const shown = this.isWhole === true ? rows : rows.slice(0, config.maxRows);
    const commands = new Commands(hass, home.hub.agent);
    const hasFilter = !config.hideFilter && all.length >= FILTER_FROM;
    return html`<div class="head">
        <h2 class="wrap">${config.title ?? words.deviceRisks}</h2>
        ${hasFilter ? html`<div class="row">${this.#selects(rooms, chosen, words)}</div>` : nothing}
      </div>
      ${home.isOnline ? nothing : offlineNote(words)}
      ${shown.length === 0 ? html`<p class="muted small">${words.noneInArea}</p>` : nothing}
      <ul class="rows">
        ${repeat(
          shown,
          ({ topicId }) => topicId,
          (device) => html`<li>${this.#row(device, commands, words, hass.language)}</li>`,
        )}
      </ul>
      ${
        rows.length > config.maxRows
          ? html`<button type="button" class="plain" @click=${() => {
              this.isWhole = this.isWhole !== true;
            }}>${this.isWhole === true ? words.showFewer : words.showAll(rows.length)}</button>`
          : nothing
      }`;
  }

  #selects(rooms: readonly (string | undefined)[], chosen: string, words: Words): TemplateResult {
    const sort = this.chosenSort ?? this.config?.sort;
    return html`<select aria-label=${words.sortBy} @change=${(event: Event) => {
      this.chosenSort = SORTS.find((one) => one === (event.target as HTMLSelectElement).value);
    }}>
        ${SORTS.map((one) => html`<option value=${one} ?selected=${one === sort}>${words.sort[one]}</option>`)}
      </select>
      ${
        rooms.length < 2
          ? nothing
          : html`<select aria-label=${words.area} @change=${(event: Event) => {
              this.chosenArea = (event.target as HTMLSelectElement).value;
            }}>
              <option value=${ALL} ?selected=${chosen === ALL}>${words.allAreas}</option>
              ${rooms.map((room) => {
                const value = room === undefined ? NONE : `=${room}`;
                return html`<option value=${value} ?selected=${chosen === value}>${room ?? words.noArea}</option>`;
              })}
            </select>`
      }`;
  }

  #row(device: DeviceView, commands: Commands, words: Words, language: string | undefined): TemplateResult {
    const { topicId, level, score } = device;
    const isOpen = this.openRow === topicId;
    const step = this.#desk.step(device);
    return html`<button type="button" class="line" aria-expanded=${isOpen} aria-controls=${`more-${topicId}`} @click=${() => {
      this.openRow = isOpen ? undefined : topicId;
      this.asking = undefined;
    }}>
        <span class="wrap"><strong><bdi>${device.name}</bdi></strong>
          ${device.area === undefined ? nothing : html`<span class="muted small">${device.area}</span>`}</span>
        <span class="states">
          ${step === "isolated" ? html`<span class="chip">${icon("isolated")}${words.isolated}</span>` : nothing}
          ${step === "isolating" ? html`<span class="chip">${words.isolating}</span>` : nothing}
          ${step === "releasing" ? html`<span class="chip">${words.releasing}</span>` : nothing}
          ${level === undefined ? html`<span class="chip">${words.unclear}</span>` : chip(levelMark(level), words.level[level])}
        </span>
        <span class="score num" aria-label=${`${words.risk} ${score === undefined ? words.unclear : Math.round(score)}`}>
          ${score === undefined ? "–" : Math.round(score)}</span>
        ${icon("down")}
      </button>
      <div id=${`more-${topicId}`} class="more" ?hidden=${!isOpen}>
        ${isOpen ? this.#more(device, commands, words, language) : nothing}
      </div>`;
  }

  #more(device: DeviceView, commands: Commands, words: Words, language: string | undefined): TemplateResult {
    const step = this.#desk.step(device);
    const isAsking = this.asking === device.topicId;
    return html`${
      device.reasons.length === 0
        ? html`<p class="muted small">${words.noReasons}</p>`
        : html`<ul class="small" aria-label=${words.why}>${device.reasons.map((why) => html`<li class="wrap">${why}</li>`)}</ul>`
    }
    ${isolationNote(device, this.#desk, words, language)}
    ${
      step !== "free" && step !== "isolated"
        ? nothing
        : isAsking
          ? this.#confirmation(device, step === "free" ? "yes" : "no", commands, words)
          : html`<div><button type="button" @click=${() => {
              this.asking = device.topicId;
            }}>${step === "free" ? words.isolate : words.release}</button></div>`
    }`;
  }

  #confirmation(device: DeviceView, wanted: "yes" | "no", commands: Commands, words: Words): TemplateResult {
    const isIsolation = wanted === "yes";
    return html`<div class="confirm" role="group" aria-label=${isIsolation ? words.isolate : words.release}>
      <p class="small wrap">${isIsolation ? words.confirmIsolate(device.name) : words.confirmRelease(device.name)}</p>
      <div class="row">
        <button type="button" class="primary" @click=${() => {
          this.asking = undefined;
          this.#desk.ask(device, wanted, () => (isIsolation ? commands.isolate(device) : commands.release(device)));
        }}>${isIsolation ? words.isolate : words.release}</button>
        <button type="button" class="cancel" @click=${() => {
          this.asking = undefined;
        }}>${words.cancel}</button>
      </div>
    </div>`;
  }

  /** Whoever asked by keyboard stands at the answer that does nothing. */
  protected override updated(changed: Map<PropertyKey, unknown>): void {
    if (changed.has("asking") && this.asking !== undefined)
      this.renderRoot.querySelector<HTMLButtonElement>("button.cancel")?.focus();
  }
}
