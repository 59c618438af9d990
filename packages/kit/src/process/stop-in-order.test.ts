import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import { endWithOwner } from "../testing/end-with-owner.ts";

const kit = new URL("./index.ts", import.meta.url).href;

/** Runs a program that waits for a signal; `body` may use everything kit exports. */
function start(stop: string, before = "", graceSeconds = 1) {
  const source = `
    import { createLogger, parseEnv, runMain, runUntilSignal } from ${JSON.stringify(kit)};
    import { z } from ${JSON.stringify(import.meta.resolve("zod"))};
    const log = createLogger({ name: "test" });
    await runMain(async () => {
      ${before}
      setInterval(() => {}, 1000);
      setImmediate(() => process.stdout.write("started\\n"));
      await runUntilSignal({ log, graceSeconds: ${graceSeconds}, stop: [${stop}] });
    });`;
  const child = endWithOwner(spawn(process.execPath, ["--input-type=module-typescript", "-e", source]));
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  child.stderr.on("data", (chunk) => {
    output += chunk;
  });
  const said = (text: string) => expect.poll(() => output, { timeout: 10_000 }).toContain(text);
  const ended = once(child, "exit").then(([code]) => ({ code, output }));
  return { child, ended, started: () => said("started"), said };
}

const say = (text: string) => `() => { process.stdout.write(${JSON.stringify(`${text}\n`)}); }`;

it.each(["SIGTERM", "SIGINT"] as const)("runs the steps in order on %s and ends with 0", async (signal) => {
  const run = start(`${say("one")}, async () => { throw new Error("broken step"); }, ${say("two")}`);
  await run.started();
  run.child.kill(signal);
  const { code, output } = await run.ended;
  expect(code).toBe(0);
  expect(output).toMatch(/one\n.*two\n/s);
  expect(output).toContain("broken step");
  expect(output).toContain("stopped");
});

it("ends with 1 when the grace period is over", async () => {
  const run = start("() => new Promise(() => {})");
  await run.started();
  run.child.kill("SIGTERM");
  const { code, output } = await run.ended;
  expect(code).toBe(1);
  expect(output).toContain("grace period over");
});

it("ends at once on a second signal", async () => {
  const run = start(`${say("step")}, () => new Promise(() => {})`, "", 15);
  await run.started();
  run.child.kill("SIGTERM");
  await run.said("step");
  run.child.kill("SIGINT");
  const { code, output } = await run.ended;
  expect(code).toBe(1);
  expect(output).not.toContain("grace period over");
});

it.each([
  ["uncaught exception", 'setTimeout(() => { throw new Error("lost"); }, 50);'],
  ["unhandled rejection", 'setTimeout(() => { void Promise.reject(new Error("lost")); }, 50);'],
])("ends with 1 on an %s, and logs it", async (name, before) => {
  const { code, output } = await start("", before).ended;
  expect(code).toBe(1);
  expect(output).toContain(name);
  expect(output).toContain("lost");
});

const CHATTY = `setInterval(() => log.info({ much: "x".repeat(50_000) }, "again"), 1);`;

it.each([
  ["goes away", (child: ChildProcess) => child.stdout?.destroy()],
  ["stops reading", (child: ChildProcess) => child.stdout?.pause()],
])(
  "ends within its grace period when the reader of its log %s",
  async (_how, leave) => {
    const run = start(
      `async () => { for (let n = 0; n < 200; n++) log.fatal({ n, much: "x".repeat(50_000) }, "stopping"); }`,
      CHATTY,
    );
    await run.started();
    leave(run.child);
    run.child.kill("SIGTERM");
    const late = setTimeout(() => run.child.kill("SIGKILL"), 20_000);
    const [code, signal] = await once(run.child, "exit");
    clearTimeout(late);
    expect([code, signal]).toEqual([0, null]);
  },
  30_000,
);

it("lists what is wrong with the environment, without a stack", async () => {
  const { code, output } = await start("", "parseEnv(z.object({ A: z.string(), B: z.string() }), {});").ended;
  expect(code).toBe(1);
  expect(output).toBe("The environment has 2 problems:\n  A: is missing\n  B: is missing\n");
});
