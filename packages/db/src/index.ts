export type { AuditEntry } from "./audit.ts";
export { createDatabase, type Database, schemaReady } from "./database.ts";
export { type MigrateDeps, migrate } from "./migrate/migrate.ts";
export { MigrateError, type MigrateReason } from "./migrate/migrate-error.ts";
export { createPool, type Log, type PoolConfig } from "./pool.ts";
export { type RoleNames, roleNames } from "./roles.ts";
export { SCHEMA_VERSION, SchemaVersionError } from "./schema-version.ts";
export type { SslMode, SslOptions } from "./ssl.ts";
export type { AppTables, ConversationTable, MessageTable, TaskTable } from "./tables.ts";
