import { sanitizeText } from "../core/sanitize.ts";
import { MAX_URL } from "./http-event.ts";
import { asObject, type JsonObject, readJsonObject } from "./json-scan.ts";

/** A user name and a password found in a form; looked at and let go. */
export interface FormLogin {
  readonly user: string;
  readonly password: string;
}

/** Prefixes that login pages put before the plain word: "login_password", "j_username", "frmPwd". */
const PREFIX =
  "(?:user|usr|login|log|log_?in|admin|auth|acc|account|web|http|new|old|current|j|wp|input|txt|frm|form|my|sys|client)?[-_.]?";
const PASSWORD = new RegExp(
  `^${PREFIX}(?:password|passwd|passwort|passwrd|passcode|pswd|passw|pass|psw|pwd|pas|psd|pw)[-_]?(?:1|word)?$`,
  "i",
);
const USER = new RegExp(
  `^${PREFIX}(?:username|user_?name|user_?id|user|usr|uname|login|login_?name|loginid|loginuse|email|e_?mail|mail|account|acct|name|uid|id|log)$`,
  "i",
);
/** Wider than PASSWORD: what must not be printed from a URL. */
const SECRET_FIELD =
  /([?&;#](?:[^=&;#]{0,64}(?:pass|pwd|psw|pswd|loginpas|secret|token|api_?key)[^=&;#]{0,64}|pw|pas))=[^&;#]*/gi;
const MAX_FIELDS = 64;
const MAX_DEPTH = 4;
const MAX_NAME = 64;

/** A URL as it may be shown: user info and values of password-like fields are taken out, and it is cut. */
export function redactUrl(url: string): string {
  const clean = url.replace(SECRET_FIELD, "$1=***").replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#@]*@/i, "$1***@");
  return sanitizeText(clean, MAX_URL);
}

/** Finds a login among the fields of a query or a urlencoded body ("user=admin&pwd=1234"); undefined without a password field. */
export function findFormLogin(text: string): FormLogin | undefined {
  let user = "";
  let password: string | undefined;
  for (const field of text.split("&", MAX_FIELDS)) {
    const at = field.indexOf("=");
    if (at <= 0) continue;
    const name = unescapeField(field.slice(0, Math.min(at, MAX_NAME)));
    if (password === undefined && PASSWORD.test(name)) password = unescapeField(field.slice(at + 1));
    else if (user === "" && USER.test(name)) user = unescapeField(field.slice(at + 1));
  }
  return password === undefined ? undefined : { user, password };
}

/** Finds a login in a JSON body, also a few levels down ({"data":{"username":…}}). */
export function findJsonLogin(buf: Uint8Array, off: number, end: number): FormLogin | undefined {
  const root = readJsonObject(buf, off, end);
  if (root === undefined) return undefined;
  const budget = { fields: MAX_FIELDS };
  return searchObject(root, budget, MAX_DEPTH);
}

function searchObject(object: JsonObject, budget: { fields: number }, depth: number): FormLogin | undefined {
  let user = "";
  let password: string | undefined;
  const inner: JsonObject[] = [];
  for (const [name, value] of Object.entries(object)) {
    if (budget.fields-- <= 0) break;
    if (typeof value === "string") {
      if (name.length > MAX_NAME) continue;
      if (password === undefined && PASSWORD.test(name)) password = value;
      else if (user === "" && USER.test(name)) user = value;
    } else {
      for (const child of Array.isArray(value) ? value.slice(0, 8) : [value]) {
        const found = asObject(child);
        if (found !== undefined) inner.push(found);
      }
    }
  }
  if (password !== undefined) return { user, password };
  if (depth === 0) return undefined;
  for (const child of inner) {
    const found = searchObject(child, budget, depth - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Per cent and plus escapes; text that is not well escaped stays as it is. */
function unescapeField(text: string): string {
  const spaced = text.replaceAll("+", " ");
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

/** True for targets of a login page: where a refused visitor is sent back to. */
export const looksLikeLoginPage = (url: string): boolean =>
  /(?:log-?_?[io]n|sign-?_?in|auth(?!or)|denied|fail|error|invalid|expired|logout)/i.test(url);
