import { PASSWORD_REFUSALS } from "@taskassistant/contracts/password-refusals";
import { APIError } from "better-auth/api";
import type { PasswordOwner, PasswordPolicy } from "./password-policy.ts";

/** Throws the answer that says why, unless the policy accepts this as the owner's new password. */
export async function requireGoodPassword(
  policy: PasswordPolicy,
  password: unknown,
  owner: PasswordOwner,
): Promise<void> {
  if (typeof password !== "string") return;
  const code = await policy(password, owner);
  if (code !== undefined) throw new APIError("BAD_REQUEST", { code, message: PASSWORD_REFUSALS[code] });
}
