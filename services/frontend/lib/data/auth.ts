import { createAuthClient } from "better-auth/react";
import { strings } from "../strings.ts";
import { secondsUntil } from "./api-error.ts";

/** Better Auth's default bounds of a password. */
export const PASSWORD_MIN = 8;
export const PASSWORD_MAX = 128;

export type SignedInUser = { id: string; name: string; email: string };
export type Credentials = { email: string; password: string; name: string };
export type AuthField = keyof Credentials;
/** `null` when it worked, else what to show: at a field, or above the form. */
export type AuthProblem = { field?: AuthField; sentence: string; retryAfter?: number } | null;

type Failure = { code?: string | undefined; status: number; message?: string | undefined };

/** Accounts and sessions at the same origin's `/api/auth`. Create it in the browser only. */
export function createAuth() {
  const client = createAuthClient({ baseURL: window.location.origin });

  const attempt = async (
    act: (fetchOptions: { onError: (context: { response: Response }) => void }) => Promise<{ error: Failure | null }>,
  ): Promise<AuthProblem> => {
    let retryAfter: number | undefined;
    const onError = ({ response }: { response: Response }) => {
      const header = response?.headers.get("retry-after") ?? response?.headers.get("x-retry-after") ?? null;
      retryAfter = secondsUntil(header, Date.now());
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
    signOut: () => attempt((fetchOptions) => client.signOut({ fetchOptions })),
    /** Who is signed in, from the session cookie; null when nobody is or the server can't say. */
    user: async (): Promise<SignedInUser | null> => {
      const { data } = await client.getSession().catch(() => ({ data: null }));
      return data === null ? null : { id: data.user.id, name: data.user.name, email: data.user.email };
    },
  };
}
export type Auth = ReturnType<typeof createAuth>;

/** What is wrong with what was typed, before anything is sent. */
export function checkCredentials(kind: "sign-in" | "sign-up", typed: Credentials): Partial<Record<AuthField, string>> {
  const { auth } = strings;
  const problems: Partial<Record<AuthField, string>> = {};
  if (typed.email.trim() === "") problems.email = auth.emailMissing;
  else if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(typed.email.trim())) problems.email = auth.emailInvalid;
  if (typed.password === "") problems.password = auth.passwordMissing;
  if (kind === "sign-in") return problems;
  if (typed.name.trim() === "") problems.name = auth.nameMissing;
  if (typed.password.length < PASSWORD_MIN) problems.password = auth.passwordShort(PASSWORD_MIN);
  if (typed.password.length > PASSWORD_MAX) problems.password = auth.passwordLong(PASSWORD_MAX);
  return problems;
}

/** Better Auth's error codes in the words of this page, at the field they are about. */
export function authProblem(failure: Failure): { field?: AuthField; sentence: string } {
  const { auth, errors } = strings;
  const code = failure.code ?? "";
  if (code === "INVALID_EMAIL_OR_PASSWORD") return { sentence: auth.wrong };
  if (code === "INVALID_EMAIL") return { field: "email", sentence: auth.emailInvalid };
  if (code.startsWith("USER_ALREADY_EXISTS")) return { field: "email", sentence: auth.taken };
  if (code === "PASSWORD_TOO_SHORT") return { field: "password", sentence: auth.passwordShort(PASSWORD_MIN) };
  if (code === "PASSWORD_TOO_LONG") return { field: "password", sentence: auth.passwordLong(PASSWORD_MAX) };
  if (code === "EMAIL_PASSWORD_SIGN_UP_DISABLED" || code === "EMAIL_PASSWORD_DISABLED")
    return { sentence: auth.closed };
  if (code === "INVALID_ORIGIN" || code === "MISSING_OR_NULL_ORIGIN") return { sentence: auth.origin };
  if (failure.status === 0) return { sentence: errors.offline };
  if (failure.status === 429) return { sentence: errors.rateLimited };
  if (failure.status >= 502 && failure.status <= 504) return { sentence: errors.unavailable };
  if (failure.status >= 500) return { sentence: errors.internal };
  return { sentence: failure.message || errors.unknown };
}
