import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { byteLength, deviceLabels, HUB_LABELS, MAX_LABEL_BYTES } from "./labels.ts";

const labelsOf = (...names: string[]): string[] =>
  [...deviceLabels(names.map((name, i) => ({ id: String(i), name }))).values()].flatMap(({ threat, isolate }) => [
    threat,
    isolate,
  ]);

const hostile = fc.oneof(
  fc.string({ unit: "binary", maxLength: 80 }),
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 }).map((units) => String.fromCharCode(...units)),
  fc.constantFrom(
    "Network",
    "network",
    "",
    " ",
    "\u0000",
    "Camera",
    "CAMERA",
    "Camera 2",
    "👨‍👩‍👧‍👦".repeat(4),
    "ü".repeat(40),
  ),
);

describe("labels", () => {
  test("of a plain name", () => {
    expect(labelsOf("Hall camera")).toEqual(["Hall camera threat", "Isolate Hall camera"]);
  });

  test("keep what they do when the name is too long, in octets", () => {
    expect(labelsOf("Überwachungskamera im Flur oben")).toEqual([
      "Überwachungskamera im F threat",
      "Isolate Überwachungskamera im F",
    ]);
    expect(byteLength("Isolate Überwachungskamera im F")).toBe(32);
  });

  test("cut emoji as a whole", () => {
    expect(labelsOf("🏴󠁧󠁢󠁳󠁣󠁴󠁿".repeat(3) + "📷".repeat(9))[1]).toBe(`Isolate ${"🏴".repeat(3)}📷📷📷`);
  });

  test("take out controls and direction marks", () => {
    expect(labelsOf("Cam\u0000era\n\u202egnp.exe\u202c")[0]).toBe("Cam era gnp.exe threat");
  });

  test("tell doubles apart, whatever the case, and after cutting", () => {
    expect(labelsOf("Camera", "camera", "Camera 2")).toEqual([
      "Camera threat",
      "Isolate Camera",
      "camera 2 threat",
      "Isolate camera 2",
      "Camera 2 2 threat",
      "Isolate Camera 2 2",
    ]);
    const long = "A camera with a very long name";
    expect(labelsOf(`${long} 1`, `${long} 2`)).toEqual([
      "A camera with a very lon threat",
      "Isolate A camera with a very lon",
      "A camera with a very l 2 threat",
      "Isolate A camera with a very l 2",
    ]);
  });

  test("are never those of the home", () => {
    expect(labelsOf("Network")[0]).toBe("Network 2 threat");
  });

  test("of any names fit, are clean and differ", () => {
    fc.assert(
      fc.property(fc.array(hostile, { maxLength: 12 }), (names) => {
        const labels = [...labelsOf(...names), ...Object.values(HUB_LABELS)];
        expect(labels).toHaveLength(names.length * 2 + 4);
        expect(new Set(labels.map((label) => label.toLowerCase())).size).toBe(labels.length);
        for (const label of labels) {
          expect(byteLength(label)).toBeLessThanOrEqual(MAX_LABEL_BYTES);
          expect(label).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
          expect(label).toMatch(/^Isolate \S|\S threat$|^(Mining|Threat|Protection)/u);
        }
      }),
    );
  });
});
