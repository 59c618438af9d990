import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aptInstall, which } from "@taskassistant/cluster/machine";
import { SCHEMA_VERSION } from "@taskassistant/db";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { type Assistant, bringUp, eventually, example, NAMESPACES } from "./harness/cluster/assistants.ts";
import { waitCondition } from "./harness/cluster/conditions.ts";
import { find, list } from "./harness/cluster/objects.ts";
import { emptied, frugal } from "./harness/cluster/tidy.ts";
import { shell, typed } from "./harness/pages.ts";
import { type Person, signIn, signUp } from "./harness/people/people.ts";
import { reach, type Work, workOf } from "./harness/people/work.ts";

/** Backup and restore by the commands of the how-to pages, as they stand. */

const NS = NAMESPACES.backup;

/** Where the person keeps the key and the resource. */
let folder: string;
let assistant: Assistant;
let ann: Person;
let work: Work;

beforeAll(async () => {
  if (which("age-keygen") === undefined) await aptInstall(["age"], console.log);
  folder = await mkdtemp(join(tmpdir(), "e2e-backup-"));
  await emptied(NS);
  const resource = frugal(example("demo.yaml"));
  assistant = await bringUp(NS, resource, 400);
  await writeFile(join(folder, "demo.yaml"), stringify(resource));
  ann = await signUp(assistant.url, "Ann");
  work = workOf(assistant.url, ann);
  for (const title of ["Renew the passport", "Water the plants"]) await work.add(title);
}, 600_000);
afterAll(async () => {
  await emptied(NS);
  await rm(folder, { recursive: true });
}, 300_000);

/** Header and row of a resource in `kubectl get`, by column. */
async function columns(command: string): Promise<Record<string, string | undefined>> {
  const [header = "", row = ""] = (await shell(command, folder)).trimEnd().split("\n");
  const names = [...header.matchAll(/\S+(?: \S+)*/g)];
  return Object.fromEntries(
    names.map(({ 0: name, index }, at) => [name, row.slice(index, names[at + 1]?.index).trim()]),
  );
}

test("a backup by hand is stored on a volume and verified, and the assistant says when", async () => {
  await typed("backup", /^(Make a key|Choose where|Make a backup now)/, folder);
  const backup = await find("taskassistantbackups", NS, "before-the-move");
  expect(backup?.status).toMatchObject({
    phase: "Succeeded",
    step: "done",
    percent: 100,
    schemaVersion: SCHEMA_VERSION.max,
  });
  expect(backup?.status.verifiedAt).toBe(backup?.status.finishedAt);
  expect(await columns("kubectl -n team get tab")).toMatchObject({
    NAME: "before-the-move",
    PHASE: "Succeeded",
    REASON: "Succeeded",
    ASSISTANT: "demo",
    VERIFIED: expect.stringMatching(/^\d+[sm]/),
    BYTES: String(backup?.status.bytes),
    ROWS: String(backup?.status.rows),
  });
  await typed("backup", /^(Make backups by schedule|Verify)/, folder);
  await waitCondition(NS, "demo", "BackupHealthy", { status: "True", reason: "Succeeded" });
  expect(await columns("kubectl -n team get ta demo -o wide")).toMatchObject({
    "LAST BACKUP": expect.stringMatching(/^\d+[sm]/),
  });
}, 600_000);

test("a restore in place brings back what was deleted, and people stay signed in", async () => {
  await work.removeAll();
  await work.add("Added after the backup");
  await typed("restore", /^In place/, folder);
  expect(await work.titles()).toEqual(["Renew the passport", "Water the plants"]);
  expect(await columns("kubectl -n team get tar")).toMatchObject({
    NAME: "undo-friday",
    PHASE: "Succeeded",
    ASSISTANT: "demo",
    PERCENT: "100",
  });
  await reach(() => signIn(assistant.url, ann));
  expect((await find("taskassistantrestores", NS, "undo-friday"))?.metadata).not.toHaveProperty("finalizers");
}, 600_000);

test("an assistant that was deleted after its last backup comes back from it in a new one", async () => {
  await work.add("The last one");
  await typed("backup", /^Delete an assistant/, folder);
  const data = async () => [
    await find("persistentvolumeclaims", NS, "demo-db-data"),
    await find("secrets", NS, "demo-database"),
  ];
  await eventually("no data left", data, (left) => left.every((each) => each === undefined));
  const [final] = (await list("taskassistantbackups", NS)).filter(({ metadata }) => /^demo-final-/.test(metadata.name));
  expect(final?.status).toMatchObject({ phase: "Succeeded", verifiedAt: expect.any(String) });

  await typed("restore", /^Into a new assistant/, folder);
  const cookie = await reach(() => signIn(assistant.url, ann));
  const again = workOf(assistant.url, { ...ann, cookie });
  expect(await again.titles()).toEqual(["Renew the passport", "The last one", "Water the plants"]);
}, 900_000);
