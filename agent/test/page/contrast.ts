/**
 * Runs in the browser: texts whose contrast to what lies behind them is below WCAG 2.2 AA (4.5, or 3 for large text). Looks into
 * shadow roots. Text on a pattern is left out, since a pattern has no single colour.
 */
export function lowContrast(): string[] {
  const channels = (color: string): number[] => (color.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = ([r = 0, g = 0, b = 0]: number[]): number => {
    const linear = [r, g, b].map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * (linear[0] ?? 0) + 0.7152 * (linear[1] ?? 0) + 0.0722 * (linear[2] ?? 0);
  };
  const parentOf = (element: Element): Element | null =>
    element.assignedSlot ?? element.parentElement ?? (element.getRootNode() as ShadowRoot).host ?? null;
  const backgroundOf = (element: Element): number[] | undefined => {
    for (let at: Element | null = element; at !== null; at = parentOf(at)) {
      const style = getComputedStyle(at);
      if (style.backgroundImage !== "none") return undefined;
      const color = channels(style.backgroundColor);
      if ((color[3] ?? 1) > 0.99 && color.length >= 3) return color;
    }
    return [255, 255, 255];
  };
  const faults: string[] = [];
  const look = (element: Element): void => {
    const text = [...element.childNodes]
      .filter((node) => node.nodeType === Node.TEXT_NODE)
      .map((node) => node.textContent?.trim() ?? "")
      .join("");
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    const isShown =
      box.width > 1 && box.height > 1 && style.visibility === "visible" && !("disabled" in element && element.disabled);
    if (text !== "" && isShown) {
      const behind = backgroundOf(element);
      if (behind !== undefined) {
        const [a, b] = [luminance(channels(style.color)), luminance(behind)];
        const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        const size = Number.parseFloat(style.fontSize);
        const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
        if (contrast < (isLarge ? 3 : 4.5))
          faults.push(`${contrast.toFixed(2)} "${text.slice(0, 40)}" in ${element.tagName}`);
      }
    }
    for (const child of [...element.children, ...(element.shadowRoot?.children ?? [])]) look(child);
  };
  look(document.body);
  return faults;
}
