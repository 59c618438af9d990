export { type Postgres, type PostgresOptions, startPostgres } from "./postgres.ts";
export { createTestDatabase, runSql, type TestDatabase, withParts } from "./test-database.ts";
