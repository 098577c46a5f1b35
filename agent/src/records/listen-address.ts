import { badSourceValue } from "../capture/source-keys.ts";
import { parseIpv4, parseIpv6 } from "../core/ip.ts";

/** Where lines are waited for. */
export type ListenAddress =
  | { readonly kind: "udp" | "tcp"; readonly host: string; readonly port: number }
  | { readonly kind: "unix"; readonly path: string };

/** Reads "udp://0.0.0.0:5514", "tcp://127.0.0.1:5514" or "unix:/run/lanwarden/eve.sock". */
export function parseListen(type: string, value: unknown): ListenAddress {
  const wanted = "udp://ADDRESS:PORT, tcp://ADDRESS:PORT or unix:/PATH";
  if (typeof value !== "string") throw badSourceValue(type, "listen", value, wanted);
  const unix = /^unix:(\/.{1,100})$/.exec(value);
  if (unix) return { kind: "unix", path: unix[1] ?? "" };
  const [, kind, rest] = /^(udp|tcp):\/\/(.+)$/.exec(value) ?? [];
  if (rest === undefined) throw badSourceValue(type, "listen", value, wanted);
  return { kind: kind === "udp" ? "udp" : "tcp", ...parseHostPort(type, "listen", rest, wanted) };
}

/** Reads "192.168.1.2:2055" or "[::]:2055". */
export function parseHostPort(type: string, key: string, text: string, wanted: string): { host: string; port: number } {
  const [, host = "", port] = /^\[?([0-9a-fA-F:.]+)\]?:(\d{1,5})$/.exec(text) ?? [];
  const isAddress = parseIpv4(host) !== undefined || parseIpv6(host) !== undefined;
  if (!isAddress || Number(port) < 1 || Number(port) > 65_535) throw badSourceValue(type, key, text, wanted);
  return { host, port: Number(port) };
}

export const listenText = (address: ListenAddress): string =>
  address.kind === "unix" ? address.path : `${address.kind}://${address.host}:${address.port}`;
