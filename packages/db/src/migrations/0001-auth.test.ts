import { getMigrations } from "better-auth/db/migration";
import { jwt } from "better-auth/plugins";
import {
  DummyDriver,
  type Kysely,
  PostgresAdapter,
  PostgresDialect,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from "kysely";
import pg from "pg";
import { expect, test } from "vitest";
import { createTestDatabase } from "../testing/index.ts";
import { AUTH_DDL } from "./0001-auth.ts";

type Dialect = PostgresDialect;

/** The options that decide the tables; the frontend's are these and more. */
const optionsFor = (dialect: Dialect) => ({
  database: { dialect, type: "postgres" as const, schemaName: "auth" },
  emailAndPassword: { enabled: true },
  plugins: [jwt()],
  rateLimit: { storage: "database" as const },
  baseURL: "http://localhost:3000",
  secret: "only-to-generate-the-schema-here",
});

/** Speaks PostgreSQL to an empty database that isn't there. */
const nowhere: Dialect = Object.assign(Object.create(PostgresDialect.prototype), {
  createAdapter: () => new PostgresAdapter(),
  createDriver: () => new DummyDriver(),
  createIntrospector: (db: Kysely<unknown>) => new PostgresIntrospector(db),
  createQueryCompiler: () => new PostgresQueryCompiler(),
});

test("the first step is what the installed Better Auth generates", async () => {
  const { compileMigrations } = await getMigrations(optionsFor(nowhere));
  const statements = (await compileMigrations()).split(";").map((text) => text.trim());
  expect(statements.filter((text) => text !== "" && !text.startsWith("create schema"))).toEqual(AUTH_DDL);
});

test("the installed Better Auth finds nothing to add to a migrated database", async () => {
  const database = await createTestDatabase();
  const pool = new pg.Pool({ connectionString: database.adminUrl });
  try {
    const plan = await getMigrations(optionsFor(new PostgresDialect({ pool })));
    expect(plan).toMatchObject({ toBeCreated: [], toBeAdded: [], toBeAddedIndexes: [] });
  } finally {
    await pool.end();
    await database.drop();
  }
});
