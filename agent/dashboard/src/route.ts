const PAGES = ["home", "devices", "incidents", "traffic", "protection"] as const;
export type PageName = (typeof PAGES)[number];

/** Where the reader is: a page, and perhaps one device or incident opened over it. */
export interface Route {
  page: PageName;
  device: string | undefined;
  incident: string | undefined;
}

/** Reads a hash such as "#/devices?device=aa:bb". What it does not know leads home. */
export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const params = new URLSearchParams(query);
  return {
    page: PAGES.find((page) => page === path) ?? "home",
    device: params.get("device") ?? undefined,
    incident: params.get("incident") ?? undefined,
  };
}

export function hrefOf(page: PageName, open: { device?: string; incident?: string } = {}): string {
  const query = new URLSearchParams(open).toString();
  return `#/${page === "home" ? "" : page}${query === "" ? "" : `?${query}`}`;
}
