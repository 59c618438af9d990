import type { Logger } from "@taskassistant/kit/process";
import { APIError, createAuthEndpoint, sensitiveSessionMiddleware } from "better-auth/api";
import { deleteSessionCookie, setSessionCookie } from "better-auth/cookies";
import { generateRandomString } from "better-auth/crypto";
import { z } from "zod";
import type { AccountLimit } from "../auth/account-limit.ts";
import type { PasswordPolicy } from "../auth/password-policy.ts";
import { requireGoodPassword } from "../auth/require-good-password.ts";
import type { RecordAdministration } from "../people/audit.ts";
import type { Account } from "./account.ts";
import type { OwnSessions } from "./own-sessions.ts";

interface AccountPluginDeps {
  account: Account;
  sessions: OwnSessions;
  passwords: PasswordPolicy;
  limit: AccountLimit;
  record: RecordAdministration;
  log: Logger;
}

/** Everything is checked by hand, because Better Auth would answer with the validator's own words. */
const body = z.record(z.string(), z.unknown()).optional();
/** Better Auth looks the session up in the database before each of these. */
const use = [sensitiveSessionMiddleware];

/**
 * What signed-in people do with their own account. Better Auth has routes for it, too, but they name sessions by their tokens,
 * want a session of today to list them, and delete an account without its password.
 */
export const accountPlugin = ({ account, sessions, passwords, limit, record, log }: AccountPluginDeps) => ({
  id: "account" as const,
  endpoints: {
    listOwnSessions: createAuthEndpoint("/account/sessions", { method: "GET", use }, async (context) => {
      const { session, user } = context.context.session;
      return context.json({ sessions: await sessions.list(user.id, session.id) });
    }),
    endOwnSession: createAuthEndpoint("/account/sessions/end", { method: "POST", body, use }, async (context) => {
      const { user } = context.context.session;
      if (!(await sessions.end(user.id, textOf(context.body?.id)))) {
        const message = "This session has already ended. Reload the page to see the others.";
        throw new APIError("NOT_FOUND", { code: "SESSION_NOT_FOUND", message });
      }
      return context.json({ ended: 1 });
    }),
    endOtherSessions: createAuthEndpoint(
      "/account/sessions/end-others",
      { method: "POST", body, use },
      async (context) => {
        const { session, user } = context.context.session;
        return context.json({ ended: await sessions.endOthers(user.id, session.id) });
      },
    ),
    changeOwnPassword: createAuthEndpoint("/account/password", { method: "POST", body, use }, async (context) => {
      const { session, user } = context.context.session;
      const password = textOf(context.body?.newPassword);
      await limit("password", user.id);
      const oldHash = await requireOwnPassword(context, user.id, context.body?.currentPassword);
      await requireGoodPassword(passwords, password, user);
      const newHash = await context.context.password.hash(password);
      const newToken = generateRandomString(32, "a-z", "A-Z", "0-9");
      const change = { userId: user.id, sessionId: session.id, oldHash, newHash, newToken };
      if (!(await account.changePassword(change))) throw wrongPassword();
      await setSessionCookie(context, { session: { ...session, token: newToken }, user });
      log.info({ user_id: user.id }, "password changed");
      return context.json({ changed: true });
    }),
    deleteOwnAccount: createAuthEndpoint("/account/delete", { method: "POST", body, use }, async (context) => {
      const { user } = context.context.session;
      await limit("password", user.id);
      await requireOwnPassword(context, user.id, context.body?.password);
      if (textOf(context.body?.confirmation).trim().toLowerCase() !== user.email) {
        const message = "Type the email address of your account to confirm.";
        throw new APIError("BAD_REQUEST", { code: "NOT_CONFIRMED", message });
      }
      await account.remove(user);
      deleteSessionCookie(context);
      await record({ by: user.id, on: user.id, action: "delete own account", outcome: "allowed" });
      return context.json({ deleted: true });
    }),
  },
});

interface PasswordContext {
  context: {
    internalAdapter: {
      findCredentialAccount(userId: string): Promise<{ password?: string | null | undefined } | null>;
    };
    password: { verify(given: { hash: string; password: string }): Promise<boolean> };
  };
}

/** Returns the hash of the person's password, or throws if this is not it. */
async function requireOwnPassword({ context }: PasswordContext, userId: string, given: unknown): Promise<string> {
  const hash = (await context.internalAdapter.findCredentialAccount(userId))?.password;
  if (hash == null || !(await context.password.verify({ hash, password: textOf(given) }))) throw wrongPassword();
  return hash;
}

function wrongPassword(): APIError {
  return new APIError("BAD_REQUEST", { code: "INVALID_PASSWORD", message: "The password is incorrect. Try again." });
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
