import { APIError } from "better-auth/api";
import type { Pool } from "pg";

/** No sign-in takes longer. A password that was changed earlier needs no second check. */
const SIGN_IN_MAX = "10 minutes";

interface SessionContext {
  path?: string | undefined;
  body?: { password?: unknown } | undefined;
  context: {
    internalAdapter: { findUserById(id: string): Promise<object | null> };
    password: { verify(given: { hash: string; password: string }): Promise<boolean> };
  };
}

/**
 * Refuses to sign a disabled person in, after the password was right, so that the answer tells nobody else who is disabled.
 * A trigger of the database refuses the session whatever happens here. Renewing a session tells when its person was last seen.
 * A session that a password began ends at once if the password was changed meanwhile: whoever changes it locks the person, and
 * the trigger waits for that.
 */
export function sessionHooks(pool: Pool) {
  return {
    create: {
      before: async ({ userId }: { userId: string }, context: SessionContext | null) => {
        const user = await context?.context.internalAdapter.findUserById(userId);
        if (!isDisabled(user)) return;
        const message = "This account is disabled. Ask your administrator to enable it.";
        throw new APIError("FORBIDDEN", { code: "ACCOUNT_DISABLED", message });
      },
      after: async ({ id, userId }: { id: string; userId: string }, context: SessionContext | null) => {
        const password = context?.path === "/sign-in/email" ? context.body?.password : undefined;
        if (context === null || typeof password !== "string") return;
        const { rows } = await pool.query<{ hash: string }>(
          `select password as hash from auth.account
           where "userId" = $1 and "providerId" = 'credential' and "updatedAt" > now() - interval '${SIGN_IN_MAX}'`,
          [userId],
        );
        const [changed] = rows;
        if (changed === undefined || (await context.context.password.verify({ hash: changed.hash, password }))) return;
        await pool.query("delete from auth.session where id = $1", [id]);
        throw new APIError("UNAUTHORIZED", { code: "INVALID_EMAIL_OR_PASSWORD", message: "Invalid email or password" });
      },
    },
    update: {
      after: async ({ userId }: { userId: string }) => {
        await pool.query(`update auth."user" set "lastSeenAt" = now() where id = $1`, [userId]);
      },
    },
  };
}

function isDisabled(user: object | null | undefined): boolean {
  return user != null && "disabledAt" in user && user.disabledAt instanceof Date;
}
