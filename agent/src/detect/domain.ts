/** Second-level labels under country domains that belong to the registry, not to an owner. */
const REGISTRY_LABELS: ReadonlySet<string> = new Set([
  "co",
  "com",
  "net",
  "org",
  "gov",
  "ac",
  "edu",
  "or",
  "ne",
  "go",
  "gob",
]);

/** The owner's domain of a name by rule of thumb: two labels, three below a country's "co", "com" and the like. Lower case. */
export function baseDomain(name: string): string {
  const labels = name.toLowerCase().replace(/\.$/, "").split(".");
  const isCountry = labels.at(-1)?.length === 2 && REGISTRY_LABELS.has(labels.at(-2) ?? "");
  return labels.slice(isCountry ? -3 : -2).join(".");
}

/** Labels that look drawn by lot: digits among letters, hardly a vowel, or a run of consonants that no language has. */
export function looksRandom(label: string): boolean {
  if (label.length < 8) return false;
  const letters = label.replace(/[^a-z]/gi, "");
  const vowels = letters.replace(/[^aeiouy]/gi, "").length;
  const changes = label.match(/[a-z](?=\d)|\d(?=[a-z])/gi)?.length ?? 0;
  return changes >= 3 || vowels < letters.length * 0.2 || /[bcdfghjklmnpqrstvwxz]{5,}/i.test(label);
}
