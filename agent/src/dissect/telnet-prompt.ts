/** What a line of a telnet server means for a log-in. Words of BusyBox, GNU and BSD login, Cisco, RouterOS, and of the consoles of cameras and modems. */
export type TelnetLine = "user-prompt" | "password-prompt" | "refusal" | "shell" | "text";

const USER =
  /(?:log ?in|user ?name|user ?id|user|account|name|benutzer(?:name)?|utilisateur|usuario|utente)\s*[:>]\s*$/i;
const PASSWORD =
  /(?:pass ?word|passwd|pass ?phrase|pass ?code|kennwort|passwort|contrase.{1,3}a|mot de passe|pass|pwd|pin)[^:]{0,40}:\s*$/i;
const REFUSAL =
  /incorrect|invalid|fail(?:ed|ure)|denied|refused|wrong|bad (?:pass|user|log|secret)|not (?:authori[sz]ed|allowed|correct|valid)|try again|locked|too many|unknown user|authentication error|access rejected|falsch|ung(?:ue|.{1,2})ltig/i;
/** Notes after a success that speak of earlier failures ("Last failed login: …", "1 failed login attempt since the last successful login"). */
const HISTORY = /(?:last|since|previous|letzte).{0,40}(?:fail|unsuccessful|log ?in)|fail.{0,60}(?:since|last)/i;
const SHELL = /(?:^|[^#$%>])[#$%>]\s*$/;

/**
 * Judges the text of one server line. `isOpen`: the line has no end yet, so that it can be a prompt. A log-in prompt counts only there:
 * "Last login: Mon" is a line of text.
 */
export function judgeTelnetLine(text: string, isOpen: boolean): TelnetLine {
  if (isOpen) {
    if (PASSWORD.test(text)) return REFUSAL.test(text) && !HISTORY.test(text) ? "refusal" : "password-prompt";
    if (USER.test(text)) return "user-prompt";
  }
  if (REFUSAL.test(text) && !HISTORY.test(text)) return "refusal";
  return isOpen && SHELL.test(text) ? "shell" : "text";
}

/**
 * Names of the commands in one typed line: the first word of each part between `;`, `|` and `&`, and the applet behind busybox.
 * At most `max`, each at most 32 characters.
 */
export function commandNames(line: string, max: number): string[] {
  const names: string[] = [];
  for (const part of line.split(/[;|&]+/)) {
    const words = part.trim().split(/\s+/);
    let first = words[0] ?? "";
    // Assignments and shell words before the command say nothing.
    for (let i = 1; i < words.length && /^(?:\w+=.*|sudo|exec|then|do|else|if|while|!|\()$/.test(first); i++)
      first = words[i] ?? "";
    if (first === "") continue;
    names.push(first.slice(0, 32));
    if (/(?:^|\/)busybox$/.test(first)) {
      const applet = words[words.indexOf(first) + 1];
      if (applet !== undefined) names.push(applet.slice(0, 32));
    }
    if (names.length >= max) break;
  }
  return names.slice(0, max);
}
