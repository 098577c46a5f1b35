/** Labels that look drawn by lot: digits among letters, hardly a vowel, or a run of consonants that no language has. */
export function looksRandom(label: string): boolean {
  if (label.length < 8) return false;
  const letters = label.replace(/[^a-z]/gi, "");
  const vowels = letters.replace(/[^aeiouy]/gi, "").length;
  const changes = label.match(/[a-z](?=\d)|\d(?=[a-z])/gi)?.length ?? 0;
  return changes >= 3 || vowels < letters.length * 0.2 || /[bcdfghjklmnpqrstvwxz]{5,}/i.test(label);
}
