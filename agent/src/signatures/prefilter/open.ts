import { H_STAMPS } from "./layout.ts";
import type { Prefilter } from "./prefilter.ts";
import { PREFILTER_WASM } from "./prefilter-wasm.gen.ts";
import type { PrefilterTables } from "./tables.ts";
import { TypescriptEngine } from "./typescript-engine.ts";
import { type ScanFunction, WasmEngine } from "./wasm-engine.ts";
import { WASM_PAGE, type WasmMemory, type WasmNamespace, webAssembly } from "./webassembly.ts";

/** Octets that do not lie in the window are copied here: the largest IP packet fits, and what is larger is scanned without WebAssembly. */
const STAGING_OCTETS = 65_536;
/** Loads of 16 octets pass the end of what is scanned. */
const SLACK = 64;
const ALIGNMENT = 64;
/** 2 GiB: places are compared as signed numbers. */
const MAX_PAGES = 32_768;

export interface PrefilterSet {
  readonly engine: Prefilter["engine"];
  /** One for each set of tables, in their order. They share a memory; so they belong to one thread. */
  readonly prefilters: readonly Prefilter[];
  /** Whoever reads packets into these octets has them scanned where they are; all others cost a copy. */
  readonly window: Uint8Array;
}

export interface OpenOptions {
  /** Size of the window. */
  readonly windowOctets: number;
  /** "typescript" does without WebAssembly. */
  readonly engine?: Prefilter["engine"];
}

/**
 * Makes tables ready to scan with: in WebAssembly where the runtime has it, with SIMD, and gives the memory; else in TypeScript.
 */
export function openPrefilters(tables: readonly PrefilterTables[], options: OpenOptions): PrefilterSet {
  const inWasm = options.engine === "typescript" ? undefined : openInWasm(tables, options.windowOctets);
  if (inWasm !== undefined) return inWasm;
  const prefilters = tables.map(({ block, patterns }) => new TypescriptEngine(block, patterns));
  return { engine: "typescript", prefilters, window: new Uint8Array(options.windowOctets) };
}

function openInWasm(tables: readonly PrefilterTables[], windowOctets: number): PrefilterSet | undefined {
  const code = new Uint8Array(Buffer.from(PREFILTER_WASM, "base64"));
  const wasm = webAssembly();
  if (wasm?.validate(code) !== true) return undefined;
  let size = 0;
  const take = (octets: number): number => {
    const place = size;
    size = (size + octets + ALIGNMENT - 1) & -ALIGNMENT;
    return place;
  };
  const window = take(windowOctets + SLACK);
  const staging = take(STAGING_OCTETS + SLACK);
  const places = tables.map(({ block, patterns }) => ({ tables: take(block.length), hits: take(8 + patterns * 8) }));
  const memory = allocate(wasm, Math.ceil(size / WASM_PAGE));
  if (memory === undefined) return undefined;
  const instance = new wasm.Instance(new wasm.Module(code), { prefilter: { memory } });
  const scan = instance.exports.scan as ScanFunction;
  const { buffer } = memory;
  const prefilters = tables.map(({ block, patterns }, i) => {
    const place = places[i] ?? { tables: 0, hits: 0 };
    const copy = new Uint8Array(buffer, place.tables, block.length);
    copy.set(block);
    const stamps = new Int32Array(buffer, place.tables + (new Int32Array(block.buffer)[H_STAMPS] ?? 0), patterns);
    return new WasmEngine(
      scan,
      buffer,
      { ...place, staging, stagingOctets: STAGING_OCTETS },
      stamps,
      patterns,
      new TypescriptEngine(copy, patterns),
    );
  });
  return { engine: "wasm", prefilters, window: new Uint8Array(buffer, window, windowOctets) };
}

function allocate(wasm: WasmNamespace, pages: number): WasmMemory | undefined {
  try {
    return pages <= MAX_PAGES ? new wasm.Memory({ initial: pages, maximum: pages }) : undefined;
  } catch {
    // No such piece of address space is left: the tables themselves are smaller.
    return undefined;
  }
}
