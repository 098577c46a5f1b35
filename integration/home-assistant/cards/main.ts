import { type Announcements, announce } from "./catalogue.ts";
import { LanwardenDevicesCard } from "./devices-card.ts";
import { LanwardenTime } from "./lanwarden-time.ts";
import { LanwardenMiningCard } from "./mining-card.ts";
import { LanwardenOverviewCard } from "./overview-card.ts";
import { dashboardStrategy, viewStrategy } from "./strategy.ts";

/** Strategies are elements by name only: Home Assistant calls their static functions and never makes one. */
const asElement = (strategy: object): CustomElementConstructor => Object.assign(class extends HTMLElement {}, strategy);

const ELEMENTS: Readonly<Record<string, CustomElementConstructor>> = {
  "lanwarden-time": LanwardenTime,
  "lanwarden-overview-card": LanwardenOverviewCard,
  "lanwarden-devices-card": LanwardenDevicesCard,
  "lanwarden-mining-card": LanwardenMiningCard,
  "ll-strategy-dashboard-lanwarden": asElement(dashboardStrategy),
  "ll-strategy-view-lanwarden": asElement(viewStrategy),
};

// A resource that is listed twice (by hand and by HACS) must not break the page.
for (const [name, element] of Object.entries(ELEMENTS)) {
  if (customElements.get(name) === undefined) customElements.define(name, element);
}
announce(window as Announcements);
