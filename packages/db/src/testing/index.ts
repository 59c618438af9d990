export { freePort } from "./free-port.ts";
export { type LossyServer, startLossyServer } from "./lost-commits.ts";
export type { NetworkOptions } from "./network.ts";
export { type Postgres, type PostgresOptions, startPostgres } from "./postgres.ts";
export { recordStatements, removeUserFilters, type Statement, unscoped } from "./statements.ts";
export { createTestDatabase, runSql, type TestDatabase, withParts } from "./test-database.ts";
export { USER_TABLE_NAMES, USER_TABLE_PATTERN, USER_TABLES, type UserTable } from "./user-tables.ts";
