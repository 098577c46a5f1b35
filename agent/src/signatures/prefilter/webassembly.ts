/** What is used of WebAssembly's JavaScript interface: the types of Node have none of it, and those of browsers bring too much. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

interface WasmInstance {
  readonly exports: Readonly<Record<string, (...args: number[]) => number>>;
}

export interface WasmNamespace {
  validate(octets: Uint8Array): boolean;
  readonly Module: new (octets: Uint8Array) => object;
  readonly Instance: new (module: object, imports: Record<string, Record<string, WasmMemory>>) => WasmInstance;
  readonly Memory: new (size: { initial: number; maximum: number }) => WasmMemory;
}

/** Undefined where the runtime has none, or was started without (`node --jitless`). */
export const webAssembly = (): WasmNamespace | undefined => (globalThis as { WebAssembly?: WasmNamespace }).WebAssembly;

export const WASM_PAGE = 65_536;
