import type { AppTables, Database } from "@taskassistant/db";
import type { Transaction } from "kysely";

/** A transaction that sees and changes one user's rows. */
export type Tx = Transaction<AppTables>;

/** The operations of one noun, such as tasks. Each statement names the user, in addition to row-level security. */
export type Rules = Record<string, (tx: Tx, userId: string, ...args: never[]) => Promise<unknown>>;

/** The rules as their callers see them: without the transaction and the user. */
export type Owned<Nouns extends Rules> = {
  [Name in keyof Nouns]: Nouns[Name] extends (tx: Tx, userId: string, ...args: infer Args) => infer Result
    ? (...args: Args) => Result
    : never;
};

/** Binds rules to a user. Each call is one transaction of its own. */
export function ownedBy<Nouns extends Rules>(db: Pick<Database, "asUser">, userId: string, rules: Nouns): Owned<Nouns> {
  const bound = Object.entries(rules).map(([name, rule]) => [
    name,
    (...args: never[]) => db.asUser(userId, (tx) => rule(tx, userId, ...args)),
  ]);
  return Object.fromEntries(bound) as Owned<Nouns>;
}
