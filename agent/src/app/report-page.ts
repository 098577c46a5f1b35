import { severityRank } from "@lanwarden/contract/kinds";
import type { AnalyzeResult } from "./analyze.ts";
import { homeSentence } from "./sentence.ts";

const html = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#d9dee4, #333b45); --soft: light-dark(#5b6672, #a3adb8); --card: light-dark(#f6f8fa, #1b2027); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; background: light-dark(#fff, #12161b); color: light-dark(#17202a, #e6ebf0); }
h1 { font-size: 1.6rem; line-height: 1.25; } h2 { font-size: 1.15rem; margin-top: 2.5rem; }
.soft { color: var(--soft); } article { background: var(--card); border-left: 6px solid; border-radius: 6px; padding: .75rem 1rem; margin: .75rem 0; break-inside: avoid; }
.critical { border-color: #8b1a1a; } .high { border-color: #c62828; } .medium { border-color: #d97706; } .low { border-color: #b8a000; } .info { border-color: #607d8b; }
.word { font-weight: 600; text-transform: uppercase; font-size: .75rem; letter-spacing: .05em; } h3 { margin: .1rem 0 .4rem; font-size: 1rem; } ul { margin: .3rem 0; padding-left: 1.2rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; } th, td { text-align: left; padding: .35rem .6rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td.n { text-align: right; } .bar { display: inline-block; height: .6rem; border-radius: 3px; background: #c62828; vertical-align: middle; }
.scroll { overflow-x: auto; } @media print { body { margin: 0; } }
`;

/** A page of its own with the verdict, the incidents and the devices of an analysis. Loads nothing; prints well; the same input gives the same text. */
export function reportPage(result: AnalyzeResult): string {
  const incidents = result.incidents.filter((incident) => severityRank(incident.severity) > 0);
  const quiet = result.incidents.length - incidents.length;
  const verdict =
    incidents.length === 0
      ? "All quiet in this capture."
      : homeSentence(
          incidents.map((incident) => ({ ...incident, status: "open" as const })),
          result.devices,
        );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Lanwarden: what this capture shows</title><style>${STYLE}</style></head><body>
<h1>${html(verdict)}</h1>
<p class="soft">${result.packets.toLocaleString("en")} packets, ${(result.bytes / 1e6).toFixed(1)} MB, ${result.devices.length === 1 ? "1 device" : `${result.devices.length} devices`} of the home.${result.truncated ? " The capture ends early: what lies behind its end is not known." : ""}</p>
<h2>Incidents</h2>
${incidents.length === 0 ? "<p>None.</p>" : incidents.map(article).join("\n")}
${quiet === 0 ? "" : `<p class="soft">${quiet} more for information only are in incidents.json.</p>`}
<h2>Devices</h2>
<div class="scroll"><table><thead><tr><th>Risk</th><th></th><th>Device</th><th>Type</th><th>Address</th><th>Vendor</th><th>What to do first</th></tr></thead><tbody>
${result.devices.map(deviceRow).join("\n")}
</tbody></table></div>
</body></html>
`;
}

function article(incident: AnalyzeResult["incidents"][number]): string {
  const list = (items: readonly string[]): string => items.map((item) => `<li>${html(item)}</li>`).join("");
  const advice = incident.advice.length === 0 ? "" : `<p><b>What to do</b></p><ul>${list(incident.advice)}</ul>`;
  return `<article class="${incident.severity}"><span class="word">${incident.severity}</span> <span class="soft">${html(incident.kind)}, ${html(incident.first_seen.slice(0, 19).replace("T", " "))} UTC</span>
<h3>${html(incident.title)}</h3><ul>${list(incident.why)}</ul>${advice}</article>`;
}

function deviceRow(device: AnalyzeResult["devices"][number]): string {
  const fix = device.risk.factors[0];
  const score = Math.round(device.risk.score);
  return `<tr><td class="n">${score}</td><td><span class="bar" style="width:${(score * 0.6).toFixed(0)}px"></span></td><td>${html(device.name)}</td><td>${html(device.type)}</td><td>${html(device.ips[0] ?? "")}</td><td>${html(device.vendor ?? "")}</td><td>${fix ? `${html(fix.fix)} <span class="soft">(−${Math.round(fix.points)} points)</span>` : ""}</td></tr>`;
}
