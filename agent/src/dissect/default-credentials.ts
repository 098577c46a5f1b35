/** Factory logins of home devices ("user:password", lower case): what worms and guests try first. */
const DEFAULTS: ReadonlySet<string> = new Set([
  "admin:admin",
  "root:root",
  "admin:password",
  "admin:1234",
  "root:",
  "admin:",
]);

/**
 * True if the pair is a factory default of some home device. The password is looked at and forgotten: callers keep this answer, never the password.
 */
export function isDefaultCredential(user: string, password: string): boolean {
  return DEFAULTS.has(`${user.toLowerCase()}:${password.toLowerCase()}`);
}
