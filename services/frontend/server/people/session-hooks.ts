import { APIError } from "better-auth/api";
import type { Pool } from "pg";

interface SessionContext {
  context: { internalAdapter: { findUserById(id: string): Promise<object | null> } };
}

/**
 * Refuses to sign a disabled person in, after the password was right, so that the answer tells nobody else who is disabled.
 * A trigger of the database refuses the session whatever happens here. Renewing a session tells when its person was last seen.
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
