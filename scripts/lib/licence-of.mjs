import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The licence text of a library as seen from `folder`: it must travel with what it is bundled into. */
export function licenceOf(name, folder) {
  for (let at = folder; ; at = dirname(at)) {
    try {
      return readFileSync(join(at, "node_modules", name, "LICENSE"), "utf8").trim();
    } catch {
      if (dirname(at) === at) throw new Error(`${folder}: no LICENSE of ${name} in any node_modules`);
    }
  }
}
