/** Longest NodeLabel, octets of UTF-8 (Matter core specification §11.1.5.6). matter.js counts characters. */
export const MAX_LABEL_BYTES = 32;

/** Labels of what is there in every home, in order. */
export const HUB_LABELS = {
  threat: "Network threat",
  mining: "Mining alert",
  activity: "Threat activity",
  protection: "Protection",
} as const;

const threatLabel = (name: string): string => `${name} threat`;
const isolateLabel = (name: string): string => `Isolate ${name}`;
/** Octets that are left for the name, in both of a device's labels. */
const MAX_NAME_BYTES = MAX_LABEL_BYTES - Math.max(byteLength(threatLabel("")), byteLength(isolateLabel("")));
const NO_NAME = "Device";

export interface DeviceLabels {
  threat: string;
  isolate: string;
}

/**
 * Labels of devices by id. Names come from the wire: controls and direction marks are taken out, what is too long is cut at a letter, and names that
 * would then sound alike get a number, the first of the list keeping the plain one. Nothing is named like one of {@link HUB_LABELS}.
 */
export function deviceLabels(devices: readonly { id: string; name: string }[]): Map<string, DeviceLabels> {
  const taken = new Set(Object.values(HUB_LABELS).map(heard));
  const labels = new Map<string, DeviceLabels>();
  for (const { id, name } of devices) {
    const plain = plainText(name) || NO_NAME;
    for (let number = 1; ; number++) {
      const suffix = number === 1 ? "" : ` ${number}`;
      const told = `${cutBytes(plain, MAX_NAME_BYTES - byteLength(suffix)) || NO_NAME}${suffix}`;
      const label = { threat: threatLabel(told), isolate: isolateLabel(told) };
      if (taken.has(heard(label.threat)) || taken.has(heard(label.isolate))) continue;
      taken.add(heard(label.threat)).add(heard(label.isolate));
      labels.set(id, label);
      break;
    }
  }
  return labels;
}

export function byteLength(text: string): number {
  return Buffer.byteLength(text, "utf8");
}

/** Controls, format characters (direction marks, zero-width ones, tags) and separators of lines become spaces; spaces are single. */
function plainText(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cf}]/gu, "")
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ")
    .trim()
    .normalize("NFC");
}

const letters = new Intl.Segmenter("en", { granularity: "grapheme" });

/** The longest beginning of whole letters (as people see them) that fits. */
function cutBytes(text: string, maxBytes: number): string {
  let kept = "";
  let bytes = 0;
  for (const { segment } of letters.segment(text)) {
    bytes += byteLength(segment);
    if (bytes > maxBytes) break;
    kept += segment;
  }
  return kept.trimEnd();
}

/** Two labels that are the same here are the same to a voice assistant. */
const heard = (label: string): string => label.normalize("NFKC").toLowerCase();
