import { APIError, createAuthMiddleware } from "better-auth/api";
import type { AccountLimit } from "./account-limit.ts";
import type { PasswordPolicy } from "./password-policy.ts";
import { addressOf, nameOf } from "./person-input.ts";
import { requireGoodPassword } from "./require-good-password.ts";

/** What our rules want before Better Auth handles a request: not too many attempts, no password that is easy to guess, and a person with a name and an address. */
export const beforeRequests = (deps: { limit: AccountLimit; passwords: PasswordPolicy }) =>
  createAuthMiddleware(async ({ path, body }) => {
    if (path === "/sign-in/email" && typeof body?.email === "string") {
      await deps.limit("account", body.email.trim().toLowerCase());
    }
    if (path === "/sign-up/email") await checkSignUp(deps.passwords, body ?? {});
  });

/** Better Auth takes a name of any length, an address that is longer than addresses are, and a picture that nobody shows. */
async function checkSignUp(passwords: PasswordPolicy, body: Record<string, unknown>): Promise<void> {
  const owner = { name: nameOf(body.name), email: addressOf(body.email) };
  if (body.image !== undefined)
    throw new APIError("BAD_REQUEST", { code: "FIELD_NOT_ALLOWED", message: "image is not allowed to be set" });
  await requireGoodPassword(passwords, body.password, owner);
}
