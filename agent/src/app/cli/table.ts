const ANSI = { red: 31, yellow: 33, green: 32, dim: 2, bold: 1, cyan: 36 } as const;
export type Style = keyof typeof ANSI;

const colours = (): boolean => process.stdout.isTTY === true && process.env.NO_COLOR === undefined;

/** Colours text on a terminal, never in a pipe or with NO_COLOR. */
export function paint(text: string, style: Style): string {
  return colours() ? `\u001b[${ANSI[style]}m${text}\u001b[0m` : text;
}

/** Lines of a table that fits 80 columns: each column as wide as its longest cell, the last one cut. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], width = 80): string {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] ?? "").length)));
  const fixed = widths.slice(0, -1).reduce((sum, w) => sum + w + 2, 0);
  const last = Math.max(12, width - fixed);
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (i === cells.length - 1 ? cut(cell, last) : cell.padEnd(widths[i] ?? 0)))
      .join("  ")
      .trimEnd();
  return [paint(line(head), "dim"), ...rows.map(line)].join("\n");
}

const cut = (text: string, width: number): string => (text.length > width ? `${text.slice(0, width - 1)}…` : text);

export const severityStyle: Readonly<Record<string, Style>> = {
  critical: "red",
  high: "red",
  medium: "yellow",
  low: "cyan",
  info: "dim",
};

/** Breaks text into lines of at most `width` characters, each after the first indented. */
export function wrap(text: string, width: number, indent = ""): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + word.length + 1 > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  if (line !== "") lines.push(line);
  return lines.join(`\n${indent}`);
}
