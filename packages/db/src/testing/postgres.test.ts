import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { runSql, startPostgres } from "./index.ts";

const MODULE = fileURLToPath(new URL("./postgres.ts", import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "postgres-test-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("data in a given folder is flushed to the disk and is still there after a restart", async () => {
  const dataFolder = join(folder, "kept");
  await chmod(folder, 0o755);
  const first = await startPostgres({ dataFolder });
  try {
    await runSql(first.adminUrl, "create table note as select 'hello' as text");
    expect((await runSql(first.adminUrl, "show fsync")).rows).toEqual([{ fsync: "on" }]);
  } finally {
    await first.stop();
  }
  const second = await startPostgres({ dataFolder });
  try {
    expect((await runSql(second.adminUrl, "select text from note")).rows).toEqual([{ text: "hello" }]);
  } finally {
    await second.stop();
  }
  expect(existsSync(join(dataFolder, "data"))).toBe(true);
  await expect(runSql(second.adminUrl, "select 1")).rejects.toMatchObject({ code: "ECONNREFUSED" });
}, 60_000);

test.runIf(process.getuid?.() === 0)("a folder that the server's user can't enter is named in the error", async () => {
  await chmod(folder, 0o700);
  await expect(startPostgres({ dataFolder: join(folder, "closed") })).rejects.toThrow("may not enter");
});

test("a server and its temporary data are removed when their process is killed", async () => {
  const script = `
    import { startPostgres } from ${JSON.stringify(MODULE)};
    delete process.env.TEST_DATABASE_ADMIN_URL;
    const { adminUrl, folder } = await startPostgres();
    process.stdout.write(adminUrl + " " + folder, () => process.kill(process.pid, "SIGKILL"));`;
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, ["--input-type=module", "-e", script], (_error, stdout) => resolve(stdout));
  });
  const [adminUrl = "", data = ""] = output.split(" ");
  expect(adminUrl).toContain("@127.0.0.1:");
  expect(data).toContain(tmpdir());
  await vi.waitFor(() => expect(existsSync(data)).toBe(false), { timeout: 10_000 });
  await expect(runSql(adminUrl, "select 1")).rejects.toMatchObject({ code: "ECONNREFUSED" });
}, 60_000);
