import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { inCache } from "@taskassistant/cluster/machine";
import { endWithOwner } from "@taskassistant/kit/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makePostgresRootfs } from "./base-images.ts";

/** The file system of the PostgreSQL image, entered as the kubelet would: under an id that the platform chose, in group 0. */
const scratch = mkdtempSync(join(tmpdir(), "ta-postgres-user-"));
const root = join(scratch, "root");
const USER = 1_000_650_000;
const PORT = 54_329;
let server: ChildProcess | undefined;

beforeAll(async () => {
  await makePostgresRootfs(root, inCache("images"));
  for (const [name, minor] of [
    ["null", 3],
    ["zero", 5],
    ["urandom", 9],
  ] as const) {
    mkdirSync(join(root, "dev"), { recursive: true });
    spawnSync("mknod", ["-m", "666", join(root, "dev", name), "c", "1", String(minor)]);
  }
  // What a pod mounts: the volume, which belongs to the platform's group, and empty directories.
  for (const folder of ["dev/shm", "var/lib/postgresql/data", "var/run/postgresql", "tmp"]) {
    mkdirSync(join(root, folder), { recursive: true });
    chownSync(join(root, folder), USER, 0);
  }
}, 300_000);
afterAll(async () => {
  if (server?.exitCode === null) {
    server.kill("SIGINT");
    await once(server, "exit", { signal: AbortSignal.timeout(30_000) });
  }
  rmSync(scratch, { recursive: true, force: true });
});

function inside(...command: string[]) {
  return ["--userspec", `${USER}:0`, root, "/usr/bin/env", "-i", ...ENV, ...command];
}
const ENV = [
  "PATH=/usr/lib/postgresql/17/bin:/usr/bin:/usr/sbin",
  "PGDATA=/var/lib/postgresql/data/pgdata",
  "POSTGRES_PASSWORD=a-long-password",
  "POSTGRES_DB=taskassistant",
];

it("PostgreSQL prepares its data and answers under a user that the image does not know", async () => {
  const output: string[] = [];
  const started = endWithOwner(spawn("chroot", inside("docker-entrypoint.sh", "postgres", "-p", String(PORT))));
  server = started;
  for (const stream of [started.stdout, started.stderr])
    stream.setEncoding("utf8").on("data", (text) => output.push(text));
  // As the probes of the pod ask.
  const asks = () =>
    spawnSync("chroot", inside("pg_isready", "-h", "127.0.0.1", "-p", String(PORT), "-U", "postgres")).status;
  for (let attempt = 0; attempt < 300 && started.exitCode === null && asks() !== 0; attempt += 1) await sleep(200);
  expect(asks(), output.join("")).toBe(0);
  const query = ["psql", "-h", "127.0.0.1", "-p", String(PORT), "-U", "postgres", "-Atc", "select current_database()"];
  const answer = spawnSync("chroot", inside("PGPASSWORD=a-long-password", ...query, "taskassistant"));
  expect(answer.stdout.toString().trim(), answer.stderr.toString()).toBe("taskassistant");
});
