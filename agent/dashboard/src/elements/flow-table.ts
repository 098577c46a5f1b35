import type { FlowRow } from "@lanwarden/contract/api";
import type { Device } from "@lanwarden/contract/device";
import { css, html, nothing, type TemplateResult } from "lit";
import { hrefOf, type PageName } from "../route.ts";
import { byteSize, countryName } from "../words.ts";
import { when } from "./parts.ts";

export const flowTableStyles = css`
  .flows { width: 100%; border-collapse: collapse; font-size: var(--text-s); table-layout: fixed; }
  .flows th { text-align: left; color: var(--muted); font-size: var(--text-xs); font-weight: 600; padding: 4px 8px 4px 0; }
  .flows td { padding: 8px 8px 8px 0; border-top: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
  .flows .size { text-align: right; width: 84px; padding-right: 0; }
  .flows .at { width: 96px; }
  .flows .sub { display: block; color: var(--muted); font-size: var(--text-xs); }
  @media (max-width: 560px) { .flows .at { width: 76px; } .flows .size { width: 72px; } }
`;

/** Flows as a table. With `self`, as this device sees them: the peer only. */
export const flowTable = (
  flows: readonly FlowRow[],
  devices: ReadonlyMap<string, Device>,
  page: PageName,
  self?: string,
): TemplateResult => html`<table class="flows">
  <thead><tr><th class="at" scope="col">Ended</th><th scope="col">${self === undefined ? "Who with whom" : "With"}</th>
    <th class="size" scope="col">Size</th></tr></thead>
  <tbody>${flows.map((flow) => {
    const isServer = self !== undefined && flow.server_device === self;
    return html`<tr>
      <td class="at muted">${when(flow.end)}</td>
      <td>${
        self === undefined
          ? html`${end(flow.client_device, flow.client_ip, null, devices, page)} →
              ${end(flow.server_device, flow.server_ip, flow.hostname, devices, page)}`
          : isServer
            ? html`from ${end(flow.client_device, flow.client_ip, null, devices, page)}`
            : html`to ${end(flow.server_device, flow.server_ip, flow.hostname, devices, page)}`
      }
        <span class="sub">${flow.app ?? flow.app_proto?.toUpperCase() ?? flow.proto}, port ${flow.server_port}${
          flow.country === null ? nothing : `, ${countryName(flow.country)}`
        }</span></td>
      <td class="size num">${byteSize(flow.bytes_to_server + flow.bytes_to_client)}</td>
    </tr>`;
  })}</tbody>
</table>`;

function end(
  id: string | null,
  ip: string,
  hostname: string | null,
  devices: ReadonlyMap<string, Device>,
  page: PageName,
): TemplateResult {
  const device = id === null ? undefined : devices.get(id);
  if (device !== undefined) return html`<a href=${hrefOf(page, { device: device.id })}>${device.name}</a>`;
  return html`<span title=${ip}>${hostname ?? ip}</span>`;
}
