import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

/** A built page in small, beside a file that it must not give away. */
export const folder = mkdtempSync(join(tmpdir(), "lanwarden-api-"));
export const page = join(folder, "page");
mkdirSync(join(page, "assets"), { recursive: true });
writeFileSync(join(page, "index.html"), "<!doctype html><title>Lanwarden</title>");
writeFileSync(join(page, "assets/app.js"), "export {};\n");
writeFileSync(join(folder, "secret.txt"), "not for the page");
afterAll(() => rmSync(folder, { recursive: true, force: true }));
