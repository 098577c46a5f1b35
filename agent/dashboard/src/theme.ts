export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "lanwarden-theme";

/** Told on `window` when colours have changed: canvases must be drawn anew. */
export const THEME_EVENT = "lanwarden-theme";

export function readTheme(): Theme {
  try {
    return THEMES.find((theme) => theme === localStorage.getItem(KEY)) ?? "auto";
  } catch {
    return "auto";
  }
}

export function applyTheme(theme: Theme): void {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // A browser without storage forgets the choice; it holds for this visit.
  }
  window.dispatchEvent(new Event(THEME_EVENT));
}

/** Applies the stored choice and follows the system's. */
export function startTheme(): void {
  applyTheme(readTheme());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
    window.dispatchEvent(new Event(THEME_EVENT)),
  );
}
