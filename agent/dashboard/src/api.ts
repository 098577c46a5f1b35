import { CSRF_HEADER, type Problem, type SessionInfo } from "@lanwarden/contract/api";

/** An answer that is not 2xx, or none at all (status 0). The message is fit to be shown. */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Relative, since the page may stand behind a path prefix. */
const BASE = "api/v1/";

/** Calls of the agent's API with the page's session. */
export class Api {
  #csrf = "";

  /** Who is logged in; null = nobody. */
  async session(): Promise<SessionInfo | null> {
    try {
      return this.#remember(await this.get<SessionInfo>("session"));
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  }

  async logIn(token: string): Promise<SessionInfo> {
    return this.#remember(await this.send<SessionInfo>("POST", "session", { token }));
  }

  async logOut(): Promise<void> {
    await this.send("DELETE", "session");
  }

  #remember(session: SessionInfo): SessionInfo {
    this.#csrf = session.csrf;
    return session;
  }

  get<Answer>(path: string): Promise<Answer> {
    return this.#call<Answer>(path, {});
  }

  send<Answer>(method: "POST" | "PUT" | "PATCH" | "DELETE", path: string, body?: unknown): Promise<Answer> {
    const headers: Record<string, string> = { [CSRF_HEADER]: this.#csrf };
    if (body !== undefined) headers["content-type"] = "application/json";
    return this.#call<Answer>(path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  async #call<Answer>(path: string, init: RequestInit): Promise<Answer> {
    let response: Response;
    try {
      response = await fetch(BASE + path, { ...init, credentials: "same-origin", cache: "no-store" });
    } catch {
      throw new ApiError(0, "Lanwarden does not answer.");
    }
    if (!response.ok) throw await problemOf(response);
    return (response.status === 204 ? undefined : await response.json()) as Answer;
  }
}

async function problemOf(response: Response): Promise<ApiError> {
  try {
    const problem = (await response.json()) as Partial<Problem>;
    return new ApiError(response.status, problem.detail ?? problem.title ?? `Answer ${response.status}.`);
  } catch {
    return new ApiError(response.status, `Lanwarden answered with status ${response.status}.`);
  }
}

/** Text of any error, for people. */
export const errorText = (error: unknown): string =>
  error instanceof ApiError ? error.message : "Something went wrong on this page.";
