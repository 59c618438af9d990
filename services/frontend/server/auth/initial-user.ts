import { PASSWORD_REFUSALS } from "@taskassistant/contracts/password-refusals";
import { EnvError, type Logger } from "@taskassistant/kit/process";
import type { Pool } from "pg";
import type { Env } from "../env.ts";
import { withLock } from "../lock.ts";
import type { Auth } from "./auth.ts";
import type { PasswordPolicy } from "./password-policy.ts";

/**
 * Creates the user of `INITIAL_USER_*` if there is no user yet, and only once even if several replicas start together.
 * Changing the variables later changes no account. Throws `EnvError` if the password is easy to guess, but only where it is
 * still to be used: an account that exists keeps working. This user is an administrator from the first moment; no other account
 * becomes one by itself.
 */
export async function ensureInitialUser(deps: {
  env: Env;
  auth: Auth;
  pool: Pool;
  passwords: PasswordPolicy;
  log: Logger;
}): Promise<void> {
  const { INITIAL_USER_EMAIL: address, INITIAL_USER_PASSWORD: password, INITIAL_USER_NAME: givenName } = deps.env;
  if (address === undefined || password === undefined) return;
  const email = address.toLowerCase();
  const context = await deps.auth.$context;

  await withLock(deps.pool, "initial-user", async () => {
    // Counts accounts instead of users: if a start died between the two rows below, the next start adds the account.
    if ((await context.adapter.count({ model: "account" })) > 0) return;
    const refusal = await deps.passwords(password, { email, name: givenName });
    if (refusal !== undefined) {
      throw new EnvError([{ name: "INITIAL_USER_PASSWORD", message: PASSWORD_REFUSALS[refusal] }]);
    }
    const passwordHash = await context.password.hash(password);
    const existing = await context.internalAdapter.findUserByEmail(email);
    const user =
      existing?.user ??
      (await context.internalAdapter.createUser(
        { email, name: givenName ?? email.split("@")[0] ?? email, emailVerified: true },
        { method: "email-password" },
      ));
    await deps.pool.query(`update auth."user" set role = 'administrator' where id = $1`, [user.id]);
    await context.internalAdapter.linkAccount({
      userId: user.id,
      providerId: "credential",
      accountId: user.id,
      password: passwordHash,
    });
    deps.log.info("initial user created");
  });
}
