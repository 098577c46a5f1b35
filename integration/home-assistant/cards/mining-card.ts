import { css, html, nothing, type TemplateResult } from "lit";
import { type CardConfig, empty, LanwardenCard, offlineNote, when } from "./card.ts";
import { type ConfigForm, commonConfig, configForm, flagOption } from "./config.ts";
import { splitMiners } from "./device-order.ts";
import type { DeviceView } from "./device-view.ts";
import type { Hass, RawConfig } from "./hass.ts";
import type { HomeView } from "./home-view.ts";
import { icon } from "./icons.ts";
import { base } from "./styles.ts";
import type { Words } from "./words.ts";

interface MiningConfig extends CardConfig {
  readonly hideAllowed: boolean;
}

const readConfig = (raw: RawConfig): MiningConfig => ({
  ...commonConfig(raw),
  hideAllowed: flagOption(raw, "hide_allowed") ?? false,
});

/** Who mines coins: without leave, and with it. */
export class LanwardenMiningCard extends LanwardenCard<MiningConfig> {
  static override styles = [
    base,
    css`
      .miner { display: flex; gap: 12px; align-items: flex-start; }
      .miners { display: grid; gap: 12px; }
      .miner > svg.icon { color: var(--lw-c, var(--lw-muted)); margin-top: 2px; }
      .miner strong { display: block; font-size: 0.9375rem; font-weight: 600; line-height: 1.35; }
      section { display: grid; gap: 8px; }
    `,
  ];

  static getStubConfig(): RawConfig {
    return {};
  }

  static getConfigForm(): ConfigForm {
    return configForm(
      { hide_allowed: { label: "Leave out devices that may mine", selector: { boolean: {} } } },
      readConfig,
    );
  }

  getCardSize(): number {
    return 3;
  }

  getGridOptions(): Record<string, number | string> {
    return { columns: 12, min_columns: 6, rows: "auto" };
  }

  protected override readConfig(raw: RawConfig): MiningConfig {
    return readConfig(raw);
  }

  protected override content(home: HomeView, words: Words, hass: Hass): TemplateResult {
    const { miners, allowed } = splitMiners(home.devices);
    return html`<h2>${this.config?.title ?? words.mining}</h2>
      ${home.isOnline || miners.length === 0 ? nothing : offlineNote(words)}
      ${
        miners.length === 0
          ? nobodyMines(home, words)
          : html`<ul class="miners">${miners.map((device) => minerRow(home, device, words, hass.language))}</ul>`
      }
      ${
        this.config?.hideAllowed === false && allowed.length > 0
          ? html`<section><h3>${words.allowedMiners}</h3>
              <ul class="miners">${allowed.map((device) => allowedRow(device, words))}</ul></section>`
          : nothing
      }`;
  }
}

/** Whoever sees nothing does not say that nobody mines. */
const nobodyMines = (home: HomeView, words: Words): TemplateResult =>
  home.tap === "off" || !home.isOnline
    ? empty("unplugged", words.notWatched, home.isOnline ? words.blindLong : words.offlineLong)
    : empty("ok", words.notMining, words.notMiningLong);

function minerRow(home: HomeView, device: DeviceView, words: Words, language: string | undefined): TemplateResult {
  const incident = home.incidents.find(({ kind, topicId }) => kind.startsWith("mining") && topicId === device.topicId);
  const since = incident?.firstSeen ?? device.miningChanged;
  const { coin, pool } = device;
  return html`<li class="miner high">${icon("pickaxe")}
    <span class="wrap"><strong><bdi>${device.name}</bdi></strong>
      <span class="small muted">${pool === undefined ? words.mines(coin) : words.minesAt(coin, pool)}${
        since === undefined ? nothing : html`, ${words.since} ${when(since, language)}`
      }</span>
    </span>
  </li>`;
}

const allowedRow = (device: DeviceView, words: Words): TemplateResult => html`<li class="miner">${icon("pickaxe")}
  <span class="wrap"><strong><bdi>${device.name}</bdi></strong>
    <span class="small muted">${
      device.pool !== undefined
        ? words.minesAt(device.coin, device.pool)
        : device.isMining
          ? words.minesNow
          : words.idleMiner
    }</span>
  </span>
</li>`;
