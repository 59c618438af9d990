import { createAuthMiddleware } from "better-auth/api";
import type { AccountLimit } from "./account-limit.ts";
import type { PasswordPolicy } from "./password-policy.ts";
import { requireGoodPassword } from "./require-good-password.ts";

/** What our rules want before Better Auth handles a request: not too many attempts, and no password that is easy to guess. */
export const beforeRequests = (deps: { limit: AccountLimit; passwords: PasswordPolicy }) =>
  createAuthMiddleware(async ({ path, body }) => {
    if (path === "/sign-in/email" && typeof body?.email === "string") {
      await deps.limit("account", body.email.trim().toLowerCase());
    }
    if (path === "/sign-up/email") await requireGoodPassword(deps.passwords, body?.password, ownerIn(body));
  });

/** The name and address that a form sends along; Better Auth checks them afterwards. */
function ownerIn(body: Record<string, unknown> | undefined) {
  const text = (value: unknown) => (typeof value === "string" ? value : undefined);
  return { email: text(body?.email), name: text(body?.name) };
}
