import type { DeviceType, Severity } from "@lanwarden/contract/kinds";
import { html, type SVGTemplateResult, svg, type TemplateResult } from "lit";

/** Line icons on a 24-pixel grid, drawn for this page. */
const SHAPES = {
  home: svg`<path d="M4 11.5 12 4l8 7.5"/><path d="M6 10v9h4.5v-5h3v5H18v-9"/>`,
  devices: svg`<rect x="3" y="5" width="12" height="9" rx="1.5"/><path d="M6 18h6M9 14v4"/><rect x="17" y="9" width="4.5" height="9" rx="1"/>`,
  bell: svg`<path d="M6.5 16.5V11a5.5 5.5 0 0 1 11 0v5.5l1.5 2H5z"/><path d="M10 21h4"/>`,
  traffic: svg`<path d="M3 13h3.5l2.5-7 4.5 12 2.5-7 1.5 2H21"/>`,
  shield: svg`<path d="M12 3.5 19 6v5.5c0 4.3-2.9 7.4-7 9-4.1-1.6-7-4.7-7-9V6z"/>`,
  "shield-check": svg`<path d="M12 3.5 19 6v5.5c0 4.3-2.9 7.4-7 9-4.1-1.6-7-4.7-7-9V6z"/><path d="m8.8 12 2.3 2.3 4.2-4.6"/>`,
  search: svg`<circle cx="10.5" cy="10.5" r="6"/><path d="m15 15 5 5"/>`,
  close: svg`<path d="m6 6 12 12M18 6 6 18"/>`,
  back: svg`<path d="M20 12H5m6-6.5L4.5 12l6.5 6.5"/>`,
  next: svg`<path d="m9.5 6 6 6-6 6"/>`,
  up: svg`<path d="m6 14.5 6-6 6 6"/>`,
  down: svg`<path d="m6 9.5 6 6 6-6"/>`,
  pin: svg`<path d="M9 4h6l-.7 6 3.2 3.5H6.500L9.7 10zM12 13.500V20"/>`,
  check: svg`<path d="m5 12.5 4.5 4.500L19 7.5"/>`,
  undo: svg`<path d="M8 5 4 9l4 4"/><path d="M4.5 9H14a5.5 5.5 0 0 1 0 11H9"/>`,
  sun: svg`<circle cx="12" cy="12" r="4"/><path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.400M5.6 18.4 7 17M17 7l1.4-1.4"/>`,
  moon: svg`<path d="M19.5 14.500A8 8 0 0 1 9.5 4.500a8 8 0 1 0 10 10z"/>`,
  contrast: svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 3.500v17a8.5 8.5 0 0 0 0-17z" fill="currentColor"/>`,
  leave: svg`<path d="M10 4H5v16h5M14 8l4 4-4 4M18 12H9.5"/>`,
  key: svg`<circle cx="8" cy="15" r="4"/><path d="m11 12 8.5-8.500M16 7l2.5 2.500M13.5 9.500l2 2"/>`,
  unplugged: svg`<path d="M4 20l4-4M8.5 11.500l4 4-2 2a2.8 2.8 0 0 1-4 0 2.8 2.8 0 0 1 0-4zM20 4l-4 4M11.5 8.500l4 4 2-2a2.8 2.8 0 0 0 0-4 2.8 2.8 0 0 0-4 0z"/>`,
  drill: svg`<path d="M4 10v4h3l6 4V6L7 10zM16.5 9a4.5 4.5 0 0 1 0 6M19 6.500a8 8 0 0 1 0 11"/>`,
  info: svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5.500M12 7.500v.5"/>`,
  low: svg`<circle cx="12" cy="12" r="8.5"/><path d="M8 12h8"/>`,
  medium: svg`<path d="M12 4 21 19.500H3z"/><path d="M12 10v4.500M12 16.800v.4"/>`,
  high: svg`<path d="M8.3 3.500h7.400l4.8 4.800v7.400l-4.8 4.800H8.300l-4.8-4.800V8.300z"/><path d="M12 7.500V13M12 16v.5"/>`,
  critical: svg`<path d="M8.3 3.500h7.400l4.8 4.800v7.400l-4.8 4.800H8.300l-4.8-4.800V8.300z" fill="currentColor"/><path d="m9 9 6 6m0-6-6 6" stroke="var(--critical-fill)" stroke-width="2.2"/>`,
  router: svg`<rect x="3" y="13" width="18" height="6.5" rx="1.5"/><path d="M7 16.200h.500M11 16.200h.500M17 13V5M8 9a5.5 5.5 0 0 1 6 0"/>`,
  wifi: svg`<path d="M4 10a12 12 0 0 1 16 0M7 13.500a7.5 7.5 0 0 1 10 0M10 17a3.2 3.2 0 0 1 4 0"/>`,
  switch: svg`<rect x="2.5" y="8" width="19" height="8" rx="1.5"/><path d="M6 13v-2h2v2zM11 13v-2h2v2zM16 13v-2h2v2z"/>`,
  nas: svg`<rect x="5" y="3.5" width="14" height="17" rx="1.5"/><path d="M5 12h14M8.5 8h4M8.5 16.500h4M16 8h.200M16 16.500h.2"/>`,
  computer: svg`<rect x="4.5" y="5" width="15" height="10" rx="1.5"/><path d="M2.5 19h19"/>`,
  phone: svg`<rect x="7" y="3" width="10" height="18" rx="2"/><path d="M11 18h2"/>`,
  tablet: svg`<rect x="5" y="3" width="14" height="18" rx="2"/><path d="M11 18h2"/>`,
  tv: svg`<rect x="3" y="5" width="18" height="11.5" rx="1.5"/><path d="M8 20h8"/>`,
  speaker: svg`<rect x="6.5" y="3" width="11" height="18" rx="2"/><circle cx="12" cy="14.5" r="3"/><path d="M12 7v.4"/>`,
  mic: svg`<rect x="9" y="3" width="6" height="11" rx="3"/><path d="M5.5 11.500a6.5 6.5 0 0 0 13 0M12 18v3"/>`,
  camera: svg`<path d="M3.5 7.5 16 4.500l1.5 6.500L5 14z"/><path d="M17 7l3.5-.5.8 3.5-3.5.800M9 13v6.500H4"/>`,
  doorbell: svg`<rect x="7.5" y="3" width="9" height="18" rx="2"/><circle cx="12" cy="14.5" r="2.2"/><path d="M11 7h2"/>`,
  printer: svg`<path d="M7 9V4h10v5M7 17H4V9h16v8h-3"/><path d="M7 14h10v6H7z"/>`,
  game: svg`<path d="M7.5 8h9a5 5 0 0 1 4.8 6.500c-.7 2.5-3 3-4.8 1L15 14H9l-1.5 1.500c-1.8 2-4.1 1.5-4.8-1A5 5 0 0 1 7.5 8zM8 10v3M6.5 11.500h3M16 11.500h.3"/>`,
  bulb: svg`<path d="M9 17h6M10 20.500h4M8.5 14.500a6 6 0 1 1 7 0c-.6.5-.8 1.3-.8 2.500H9.300c0-1.2-.2-2-.8-2.500z"/>`,
  plug: svg`<path d="M9 3v5M15 3v5M6.5 8h11v3a5.5 5.5 0 0 1-11 0zM12 16.500V21"/>`,
  thermometer: svg`<path d="M10 4.500a2 2 0 0 1 4 0v9.200a4 4 0 1 1-4 0z"/><path d="M12 10v6"/>`,
  sensor: svg`<circle cx="12" cy="12" r="2.5"/><path d="M7.5 16.500a6.4 6.4 0 0 1 0-9M16.5 7.500a6.4 6.4 0 0 1 0 9M5 19a10 10 0 0 1 0-14M19 5a10 10 0 0 1 0 14"/>`,
  lock: svg`<rect x="5" y="10.5" width="14" height="10" rx="1.5"/><path d="M8 10.500V8a4 4 0 0 1 8 0v2.500M12 14.500v2"/>`,
  appliance: svg`<rect x="4.5" y="3" width="15" height="18" rx="1.5"/><circle cx="12" cy="13.5" r="4.5"/><path d="M8 6h3"/>`,
  vacuum: svg`<circle cx="12" cy="12" r="8.5"/><circle cx="12" cy="12" r="2.5"/><path d="M5 7.500h14"/>`,
  hub: svg`<circle cx="12" cy="12" r="3"/><circle cx="5" cy="5.5" r="1.8"/><circle cx="19" cy="5.5" r="1.8"/><circle cx="12" cy="20" r="1.8"/><path d="m6.4 6.8 3.4 3M17.6 6.800l-3.4 3M12 15v3.2"/>`,
  car: svg`<path d="M3.5 16.500V13l2-1.5 2-5h9l2 5 2 1.500v3.500zM6 11.500h12M6.5 16.500V19M17.5 16.500V19"/>`,
  watch: svg`<rect x="6.5" y="6.5" width="11" height="11" rx="3"/><path d="M9 6.5 9.5 3h5l.5 3.500M9 17.500l.5 3.500h5l.5-3.500M12 10v2.500h2"/>`,
  pickaxe: svg`<path d="M4 8.500C8 4 16 4 20 8.5 15.5 6.8 8.5 6.8 4 8.500zM12 7.200V21"/>`,
  server: svg`<rect x="3.5" y="4" width="17" height="7" rx="1.5"/><rect x="3.5" y="13" width="17" height="7" rx="1.5"/><path d="M7 7.500h.300M7 16.500h.300M11 7.500h6M11 16.500h6"/>`,
  chip: svg`<rect x="6.5" y="6.5" width="11" height="11" rx="1.5"/><path d="M10 3v3.500M14 3v3.500M10 17.500V21M14 17.500V21M3 10h3.500M3 14h3.500M17.5 10H21M17.5 14H21"/>`,
  unknown: svg`<rect x="4" y="4" width="16" height="16" rx="3"/><path d="M9.5 9.500a2.5 2.5 0 1 1 3.5 2.300c-.7.3-1 .8-1 1.500v.400M12 16.500v.3"/>`,
} satisfies Record<string, SVGTemplateResult>;

export type IconName = keyof typeof SHAPES;

const DEVICE_ICONS: Readonly<Record<DeviceType, IconName>> = {
  router: "router",
  "access-point": "wifi",
  switch: "switch",
  nas: "nas",
  computer: "computer",
  phone: "phone",
  tablet: "tablet",
  tv: "tv",
  "media-player": "tv",
  speaker: "speaker",
  "voice-assistant": "mic",
  camera: "camera",
  doorbell: "doorbell",
  printer: "printer",
  "game-console": "game",
  light: "bulb",
  plug: "plug",
  thermostat: "thermometer",
  sensor: "sensor",
  lock: "lock",
  appliance: "appliance",
  vacuum: "vacuum",
  hub: "hub",
  vehicle: "car",
  wearable: "watch",
  miner: "pickaxe",
  server: "server",
  iot: "chip",
  unknown: "unknown",
};

/** A decorative icon: the word beside it carries the meaning. */
export const icon = (name: IconName): TemplateResult => html`<svg
    class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.7"
    stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${SHAPES[name]}</svg>`;

export const deviceIcon = (type: DeviceType): TemplateResult => icon(DEVICE_ICONS[type] ?? "unknown");

export const severityIcon = (severity: Severity): TemplateResult => icon(severity);
