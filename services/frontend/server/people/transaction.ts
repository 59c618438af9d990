import type { Pool, PoolClient } from "pg";

/** Runs `work` in a transaction, which is rolled back if `work` throws. */
export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    const result = await work(client);
    await client.query("commit");
    client.release();
    return result;
  } catch (error) {
    const undone = await client.query("rollback").then(
      () => true,
      () => false,
    );
    client.release(!undone);
    throw error;
  }
}
