import type { Pool } from "pg";

/**
 * Runs `work` while holding the advisory lock with this name, so that only one of several starting replicas runs it at a
 * time. The lock belongs to a transaction and ends with it, even if the process dies. `work` needs a second connection of
 * the pool.
 */
export async function withLock<T>(pool: Pool, name: string, work: () => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    await client.query("select pg_advisory_xact_lock(hashtextextended($1, 0))", [`taskassistant:${name}`]);
    const result = await work();
    await client.query("commit");
    client.release();
    return result;
  } catch (error) {
    client.release(true);
    throw error;
  }
}
