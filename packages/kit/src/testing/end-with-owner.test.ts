import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { endWithOwner, removeWithOwner } from "./end-with-owner.ts";

const MODULE = new URL("end-with-owner.ts", import.meta.url).href;
/** A program that outlives everybody and has started another one. */
const DEAF = `
  const { spawn } = require("node:child_process");
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});
  const inner = spawn("sleep", ["600"], { stdio: "ignore" });
  process.stdout.write(process.pid + " " + inner.pid + "\\n");
  setInterval(() => {}, 1000);`;

const owners: ChildProcess[] = [];
afterEach(() => {
  for (const owner of owners.splice(0)) owner.kill("SIGKILL");
});

/** Runs a process that starts the deaf program. Gives the pids of the program and of the one that it has started. */
async function ownerOf(detached: boolean, folder = "") {
  const script = `
    import { spawn } from "node:child_process";
    import { endWithOwner, removeWithOwner } from ${JSON.stringify(MODULE)};
    if (${JSON.stringify(folder)} !== "") removeWithOwner(${JSON.stringify(folder)});
    const options = { detached: ${detached}, stdio: ["ignore", "inherit", "ignore"] };
    endWithOwner(spawn(process.execPath, ["-e", ${JSON.stringify(DEAF)}], options));`;
  const owner = endWithOwner(
    spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "inherit"] }),
  );
  owners.push(owner);
  const [printed] = await once(owner.stdout, "data");
  const [program = 0, inner = 0] = String(printed).trim().split(" ").map(Number);
  return { owner, program, inner };
}

function isRunning(pid: number): boolean {
  try {
    // The state follows the name, which is in parentheses. Z has ended.
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

const untilGone = (pid: number) => expect.poll(() => isRunning(pid), { timeout: 10_000 }).toBe(false);

it.each(["SIGKILL", "SIGTERM"] as const)("a program and its group end when their owner ends by %s", async (signal) => {
  const { owner, program, inner } = await ownerOf(true);
  expect([program, inner].every(isRunning)).toBe(true);
  owner.kill(signal);
  await untilGone(program);
  await untilGone(inner);
});

it("a program in the group of its owner ends as well", async () => {
  const { owner, program, inner } = await ownerOf(false);
  owner.kill("SIGKILL");
  await untilGone(program);
  process.kill(inner, "SIGKILL");
});

it("what a program has started ends with it", async () => {
  const { program, inner } = await ownerOf(true);
  process.kill(program, "SIGKILL");
  await untilGone(inner);
});

it("an empty folder is removed when its owner has gone, and stays when that was called off", async () => {
  const [left, kept] = ["left", "kept"].map((name) => mkdtempSync(join(tmpdir(), `taskassistant-${name}-`)));
  const { owner } = await ownerOf(true, left);
  removeWithOwner(kept!)();
  owner.kill("SIGKILL");
  await expect.poll(() => existsSync(left!), { timeout: 10_000 }).toBe(false);
  expect(existsSync(kept!)).toBe(true);
  rmdirSync(kept!);
});

it("a program that does not exist is no error of the keeper", async () => {
  const child = endWithOwner(spawn("/nowhere/at-all"));
  const [error] = await once(child, "error");
  expect(error).toMatchObject({ code: "ENOENT" });
});
