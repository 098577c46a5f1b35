const PROBE_MS = 5000;

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "there is no such name",
  EAI_AGAIN: "the name cannot be looked up now",
  EHOSTUNREACH: "there is no way to it",
  ENETUNREACH: "there is no way to it",
  ECONNRESET: "it hangs up",
  CERT_HAS_EXPIRED: "its certificate has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is its own; NODE_EXTRA_CA_CERTS names a file of those to trust",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate is its own; NODE_EXTRA_CA_CERTS names a file of those to trust",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    "its certificate is nobody's known; NODE_EXTRA_CA_CERTS names a file of those to trust",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another name",
  ERR_SSL_WRONG_VERSION_NUMBER: "it speaks http, not https",
};

/** Why no WebSocket could be opened at an address, in words. Node's WebSocket does not say; a plain request does. Sends no token. Never rejects. */
export async function whyUnreachable(url: string): Promise<string> {
  try {
    const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(PROBE_MS) });
    await response.body?.cancel();
    return `it answers HTTP ${response.status}, but no WebSocket: a proxy before it must let WebSockets through`;
  } catch (error) {
    const { name, cause } = error as { name?: unknown; cause?: { code?: unknown } };
    const code = String(cause?.code ?? "");
    if (name === "TimeoutError") return "it does not answer";
    return WORDS[code] ?? (/^[A-Z_]{3,40}$/.test(code) ? code : "");
  }
}
