export { type Postgres, type PostgresOptions, startPostgres } from "./postgres.ts";
export { createTestDatabase, type TestDatabase } from "./test-database.ts";
