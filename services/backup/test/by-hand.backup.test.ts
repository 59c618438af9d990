import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { aptInstall, which } from "@taskassistant/cluster/machine";
import { createTestDatabase, runSql, type TestDatabase } from "@taskassistant/db/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { follow, read, stepsOf } from "../../../scripts/docs/texts.ts";
import { clientsFolder } from "../../../scripts/test/backup/install.ts";
import { libpqEnvironment } from "../src/postgres/connection.ts";
import { createWorkshop, type Workshop } from "./harness/program.ts";
import { fill } from "./harness/rows.ts";

const run = promisify(execFile);
let workshop: Workshop;
let database: TestDatabase;
let hasAge = false;

beforeAll(async () => {
  [workshop, database] = await Promise.all([createWorkshop(), createTestDatabase()]);
  await fill(database, 42);
  await workshop.run("backup", database, { BACKUP_LOCATION: workshop.location("one") });
  // Debian has it; elsewhere it may be there.
  if (which("age") === undefined && process.getuid?.() === 0 && which("apt-get") !== undefined) {
    await aptInstall(["age"], console.log).catch(() => undefined);
  }
  hasAge = which("age") !== undefined;
});
afterAll(async () => {
  await runSql(database.adminUrl, "drop database if exists restored");
  await database.drop();
  await workshop.remove();
});

it("a backup is restored by hand with the commands of the how-to page", async ({ skip }) => {
  if (!hasAge) skip("this machine has no age");
  const folder = join(workshop.folder, "backups/one");
  await writeFile(join(folder, "key.txt"), `${workshop.identity}\n`);
  const steps = stepsOf(read("docs/how-to/restore.md")).filter(({ section }) => section.startsWith("By hand"));
  const env = {
    ...libpqEnvironment({ adminUrl: database.adminUrl, ssl: { mode: "disable" } }),
    PATH: `${join(clientsFolder(), "17/bin")}:${process.env.PATH}`,
  };
  const shell = async (script: string) =>
    (await run("bash", ["-euo", "pipefail", "-c", script], { cwd: folder, env })).stdout;
  const said = await follow(steps, shell);
  expect(said).toHaveLength(2);
  expect(said[0]).toMatch(/^ +42$/m);
  expect(said[1]).toContain(database.authSecret);
});
