import { html, type TemplateResult } from "lit";
import { encode } from "uqr";

/** White modules around the code that readers need (ISO/IEC 18004, 6.3.8). */
export const QUIET_ZONE = 4;
/** Far beyond any pairing code; a code this long would be too fine to read from a screen. */
const MAX_TEXT = 300;

/** A QR code as runs of dark modules in a path of unit squares, quiet zone included. `size` is the width in modules. */
export function qrPath(text: string): { size: number; path: string } | undefined {
  if (text === "" || text.length > MAX_TEXT) return undefined;
  const { data, size } = encode(text, { ecc: "M", border: QUIET_ZONE });
  const path = data
    .map((line, y) =>
      runs(line)
        .map(([x, width]) => `M${x} ${y}h${width}v1h-${width}z`)
        .join(""),
    )
    .join("");
  return { size, path };
}

function runs(line: readonly boolean[]): [number, number][] {
  const found: [number, number][] = [];
  line.forEach((isDark, x) => {
    const last = found.at(-1);
    if (!isDark) return;
    if (last !== undefined && last[0] + last[1] === x) last[1]++;
    else found.push([x, 1]);
  });
  return found;
}

/** Dark on white in every theme: many readers know no other. */
export const qrCode = ({ size, path }: { size: number; path: string }, label: string): TemplateResult =>
  html`<svg class="qr" role="img" aria-label=${label} viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges"><rect width=${size} height=${size} fill="#fff"/><path d=${path} fill="#000"/></svg>`;
