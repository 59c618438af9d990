import type { OpenedLink } from "@taskassistant/contracts";
import { PASSWORD_MAX, PASSWORD_MIN } from "@taskassistant/contracts/limits";
import { isLinkRefusal, LINK_REFUSALS } from "@taskassistant/contracts/link-refusals";
import type { LinkKind } from "@taskassistant/contracts/links";
import { isPasswordRefusal, PASSWORD_REFUSALS } from "@taskassistant/contracts/password-refusals";
import { secondsUntilRetry } from "@taskassistant/kit/fetch";
import { createAuthClient } from "better-auth/react";
import { words as errorWords } from "../../lib/errors/words.ts";
import { words } from "./words.ts";

export interface SignedInUser {
  id: string;
  name: string;
  email: string;
  /** What administrators are reminded of before they delete their account. */
  role?: "user" | "administrator";
}
export interface Credentials {
  email: string;
  password: string;
  name: string;
}
export type AuthField = keyof Credentials;
/** `null` when it worked, else what to show: at a field, or above the form. */
export type AuthProblem = { field?: AuthField; sentence: string; retryAfter?: number } | null;

/** Why a link can't be opened; `final` if another try would not help. */
export type LinkProblem = (NonNullable<AuthProblem> & { final: boolean }) | null;

/** What a form asks for: to sign in, for a new account, or for a new password of an existing one. */
export type AuthKind = "sign-in" | "sign-up" | "new-password";

interface Failure {
  code?: string | undefined;
  status: number;
  message?: string | undefined;
}

/** Accounts and sessions at the same origin's `/api/auth`. Create it in the browser only. */
export function createAuth() {
  const client = createAuthClient({ baseURL: window.location.origin });

  const attempt = async (
    act: (fetchOptions: { onError: (context: { response: Response }) => void }) => Promise<{ error: Failure | null }>,
  ): Promise<AuthProblem> => {
    let retryAfter: number | undefined;
    const onError = ({ response }: { response: Response }) => {
      const header = response?.headers.get("retry-after") ?? response?.headers.get("x-retry-after") ?? null;
      retryAfter = secondsUntilRetry(header, Date.now());
    };
    const result = await act({ onError }).catch(() => ({ error: { status: 0 } }));
    return result.error === null
      ? null
      : { ...authProblem(result.error), ...(retryAfter === undefined ? {} : { retryAfter }) };
  };

  return {
    signIn: ({ email, password }: Pick<Credentials, "email" | "password">) =>
      attempt((fetchOptions) => client.signIn.email({ email, password, fetchOptions })),
    signUp: ({ email, password, name }: Credentials) =>
      attempt((fetchOptions) => client.signUp.email({ email, password, name, fetchOptions })),
    /** What a one-time link is for, without using it. */
    openLink: async (secret: string, kind: LinkKind): Promise<OpenedLink | NonNullable<LinkProblem>> => {
      const { data, error } = await client
        .$fetch<OpenedLink>("/link/open", { method: "POST", body: { secret, kind } })
        .catch(() => ({ data: null, error: { status: 0 } satisfies Failure }));
      if (data !== null) return data;
      const failure: Failure = error ?? { status: 0 };
      return { ...authProblem(failure), final: isLinkRefusal(failure.code ?? "") };
    },
    /** Uses a link: creates the invited account, or sets the new password. It does not sign in. */
    followLink: (secret: string, kind: LinkKind, { email, password, name }: Credentials) =>
      attempt((fetchOptions) =>
        client.$fetch(kind === "invitation" ? "/link/join" : "/link/password", {
          method: "POST",
          body: { secret, email, password, name },
          ...fetchOptions,
        }),
      ),
    signOut: () => attempt((fetchOptions) => client.signOut({ fetchOptions })),
    /** The signed-in user of the session cookie, or null if there is none or the server can't be asked. */
    user: async (): Promise<SignedInUser | null> => {
      const { data } = await client.getSession().catch(() => ({ data: null }));
      if (data === null) return null;
      const { id, name, email } = data.user;
      const isAdministrator = "role" in data.user && data.user.role === "administrator";
      return { id, name, email, role: isAdministrator ? "administrator" : "user" };
    },
  };
}
export type Auth = ReturnType<typeof createAuth>;

/** What is wrong with what was typed, before anything is sent. */
export function checkCredentials(kind: AuthKind, typed: Credentials): Partial<Record<AuthField, string>> {
  const problems: Partial<Record<AuthField, string>> = {};
  if (typed.email.trim() === "") problems.email = words.emailMissing;
  else if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(typed.email.trim())) problems.email = words.emailInvalid;
  if (typed.password === "") problems.password = words.passwordMissing;
  if (kind === "sign-in") return problems;
  if (kind === "sign-up" && typed.name.trim() === "") problems.name = words.nameMissing;
  if (typed.password.length < PASSWORD_MIN) problems.password = PASSWORD_REFUSALS.PASSWORD_TOO_SHORT;
  if (typed.password.length > PASSWORD_MAX) problems.password = PASSWORD_REFUSALS.PASSWORD_TOO_LONG;
  return problems;
}

/** Better Auth's error codes in the words of this page, at the field they are about. */
export function authProblem(failure: Failure): { field?: AuthField; sentence: string } {
  const code = failure.code ?? "";
  if (code === "INVALID_EMAIL_OR_PASSWORD") return { sentence: words.wrong };
  if (code === "INVALID_EMAIL") return { field: "email", sentence: words.emailInvalid };
  if (code.startsWith("USER_ALREADY_EXISTS")) return { field: "email", sentence: words.taken };
  if (isLinkRefusal(code)) return { sentence: LINK_REFUSALS[code] };
  if (code === "INVALID_NAME") return { field: "name", sentence: words.nameMissing };
  if (isPasswordRefusal(code)) return { field: "password", sentence: PASSWORD_REFUSALS[code] };
  if (code === "EMAIL_PASSWORD_SIGN_UP_DISABLED" || code === "EMAIL_PASSWORD_DISABLED")
    return { sentence: words.closed };
  if (code === "INVALID_ORIGIN" || code === "MISSING_OR_NULL_ORIGIN") return { sentence: errorWords.origin };
  if (failure.status === 0) return { sentence: errorWords.offline };
  if (failure.status === 429) return { sentence: errorWords.rateLimited };
  if (failure.status >= 502 && failure.status <= 504) return { sentence: errorWords.unavailable };
  if (failure.status >= 500) return { sentence: errorWords.internal };
  return { sentence: failure.message || errorWords.unknown };
}
