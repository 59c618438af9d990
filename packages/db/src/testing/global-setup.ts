import { startPostgres } from "./postgres.ts";

/** One PostgreSQL for a whole test run. Test files create databases on it and find its address in the environment. */
export async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.TEST_DATABASE_ADMIN_URL) return undefined;
  const server = await startPostgres();
  process.env.TEST_DATABASE_ADMIN_URL = server.adminUrl;
  return async () => {
    delete process.env.TEST_DATABASE_ADMIN_URL;
    await server.stop();
  };
}
