import type nodeRed from "node-red";

declare const RED: nodeRed.EditorRED;

/** A node as its dialog sees it: what is saved, and the catalogue look-up. */
export type Edited = Record<string, unknown> & { id: string; name?: string; _(key: string): string };

interface Property {
  value: unknown;
  required?: boolean;
  type?: string;
  validate?: (this: Edited, value: string) => boolean;
}

export interface EditorUnit {
  /** Part after "lanwarden-". */
  readonly name: string;
  /** In the palette, whose nodes do not grow with their text; else the name. */
  readonly paletteLabel?: string;
  readonly inputs: 0 | 1;
  readonly outputs: 1 | 2;
  readonly defaults: Readonly<Record<string, Property>>;
  /** Keys of the catalogue, one an output. */
  readonly outputLabels?: readonly string[];
  readonly align?: "right";
  readonly oneditprepare?: (this: Edited) => void;
  readonly oneditsave?: (this: Edited) => void;
}

/** One look for the whole family; dark text on it keeps a contrast of more than 4.5 in light and dark themes. */
const COLOR = "#8fc7c2";

/** Registers the editor's side of a node that uses an agent. */
export function defineEditor({ name, defaults, outputLabels, ...unit }: EditorUnit): void {
  const type = `lanwarden-${name}`;
  const definition = {
    paletteLabel: name.replace("-", " "),
    ...unit,
    category: "lanwarden",
    color: COLOR,
    icon: `lanwarden-${name}.svg`,
    defaults: { name: { value: "" }, agent: { value: "", type: "lanwarden-agent", required: true }, ...defaults },
    label(this: Edited): string {
      return this.name || name.replace("-", " ");
    },
    labelStyle(this: Edited): string {
      return this.name ? "node_label_italic" : "";
    },
    ...(outputLabels
      ? {
          outputLabels(this: Edited, index: number): string {
            return this._(outputLabels[index] ?? "");
          },
        }
      : {}),
  };
  // The published types know neither validation messages nor properties of our own.
  RED.nodes.registerType(type, definition as never);
}

/** For fields that may be empty, else must be a number within bounds. */
export const numberWithin = (least: number, most: number) => (value: string) =>
  value === "" || value === undefined || (Number(value) >= least && Number(value) <= most);
