import { sql } from "kysely";
import type { Rules, Tx } from "./bind-to-user.ts";

/** One change that must happen once. */
export interface OnceOptions {
  /** Names the change among all of this user's. */
  readonly key: string;
  /** Called when the change had been made before, and its result is returned again. */
  readonly onReplay: () => void;
}

/** How long a key is kept, in days. Nobody repeats a question after that. */
const KEPT_DAYS = 30;

/**
 * The rules, each made once for the key. The key is stored in the transaction of the change, so neither exists without the
 * other. A repetition at the same time waits for the first one. What changed nothing keeps no key and may be tried again.
 * Results must be plain JSON.
 */
export function once<Nouns extends Rules>(
  rules: Nouns,
  options: OnceOptions,
  changedNothing: (result: unknown) => boolean,
): Nouns {
  const wrapped = Object.entries(rules).map(([name, rule]) => [
    name,
    async (tx: Tx, userId: string, ...args: never[]) => {
      const first = await tx
        .insertInto("app.idempotency_key")
        .values({ user_id: userId, key: options.key })
        .onConflict((conflict) => conflict.columns(["user_id", "key"]).doNothing())
        .returning("key")
        .executeTakeFirst();
      if (first === undefined) return replay(tx, userId, options);
      const result = await rule(tx, userId, ...args);
      const old = sql<Date>`now() - make_interval(days => ${KEPT_DAYS})`;
      const obsolete = tx.deleteFrom("app.idempotency_key").where("user_id", "=", userId);
      if (changedNothing(result)) {
        await obsolete.where((eb) => eb.or([eb("key", "=", options.key), eb("created_at", "<", old)])).execute();
        return result;
      }
      await obsolete.where("created_at", "<", old).execute();
      await tx
        .updateTable("app.idempotency_key")
        .set({ result: JSON.stringify(result) })
        .where("user_id", "=", userId)
        .where("key", "=", options.key)
        .execute();
      return result;
    },
  ]);
  return Object.fromEntries(wrapped) as Nouns;
}

async function replay(tx: Tx, userId: string, { key, onReplay }: OnceOptions): Promise<unknown> {
  const { result } = await tx
    .selectFrom("app.idempotency_key")
    .select("result")
    .where("user_id", "=", userId)
    .where("key", "=", key)
    .executeTakeFirstOrThrow();
  onReplay();
  return result;
}
