import { createHash } from "node:crypto";
import { API_BASE } from "@lanwarden/contract/api";
import type { ApiApp } from "./define.ts";

/** Answers of the API are never kept by a cache; who asks again with If-None-Match is told when nothing has changed (RFC 9110 §13.1.2). */
export function registerEtags(app: ApiApp): void {
  app.addHook("onSend", async (request, reply, payload) => {
    if (!request.url.startsWith(`${API_BASE}/`)) return payload;
    if (request.method !== "GET" || reply.statusCode !== 200 || typeof payload !== "string") {
      reply.header("cache-control", "no-store");
      return payload;
    }
    const tag = `"${createHash("sha256").update(payload).digest("base64url").slice(0, 22)}"`;
    reply.header("etag", tag).header("cache-control", "private, no-cache");
    const known = request.headers["if-none-match"]?.split(",").map((item) => item.trim().replace(/^W\//, ""));
    if (!known?.includes(tag)) return payload;
    reply.code(304).removeHeader("content-length");
    return null;
  });
}
