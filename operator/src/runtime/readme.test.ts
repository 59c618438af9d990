import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { CONFIG_MAPS, configMap, recordingLog, until } from "../../test/fixtures/kube-fixture.ts";
import { managerHarness } from "../../test/harness/manager-harness.ts";
import type { KubeClient } from "../kube/index.ts";
import type { Log } from "./index.ts";

type Mirror = (client: KubeClient, log: Log, signal: AbortSignal) => Promise<void>;

/** Beside the library, so that its imports are those of the example. */
const file = join(import.meta.dirname, `readme-example-${process.pid}.ts`);
const { openEmpty, server } = managerHarness();
let source: string;

beforeAll(() => {
  source =
    /```ts\n(?<code>[\s\S]*?)```/.exec(readFileSync(join(import.meta.dirname, "README.md"), "utf8"))?.groups?.code ??
    "";
  writeFileSync(file, source);
});
afterAll(() => rmSync(file, { force: true }));

it("the example in the README is a whole controller of about forty lines", () => {
  expect(source).toContain("manager.add(");
  expect(source.trim().split("\n").length).toBeLessThanOrEqual(45);
});

it("the example in the README copies what is labelled, and puts a copy right that somebody changed", async () => {
  const { mirror } = (await import(file)) as { mirror: Mirror };
  const { client } = openEmpty();
  const stop = new AbortController();
  const done = mirror(client, recordingLog(), stop.signal);
  const copy = () => server().store.get(CONFIG_MAPS, "shop", "one-copy");
  server().store.put(CONFIG_MAPS, configMap("one", { a: "1" }, { labels: { mirror: "yes" } }));
  await until(() => copy() !== undefined);
  expect(copy()).toMatchObject({ data: { a: "1" } });
  server().store.put(CONFIG_MAPS, { ...copy(), data: { a: "changed" } } as never);
  await until(() => JSON.stringify(copy()).includes('"a":"1"'));
  stop.abort();
  await done;
});
