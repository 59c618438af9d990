import { expect, it } from "vitest";
import { checkUninstall, uncheckable } from "./check-uninstall.ts";
import { ApiError, type KubeClient, type Resource } from "./kube/index.ts";

const RELEASE = { name: "ta", namespace: "ops", revision: 3 };

/** An API server that answers each namespace with names of TaskAssistants, or refuses with a status. */
function check(answers: Readonly<Record<string, readonly string[] | number>>) {
  const list = async ({ plural }: Resource, { namespace = "*" }: { namespace?: string }) => {
    const answer = answers[namespace] ?? 500;
    if (typeof answer === "number") throw new ApiError({ status: answer, message: `refused in ${namespace}` });
    const isRestore = plural === "taskassistantrestores";
    const names = answer.filter((name) => name.startsWith("restore") === isRestore);
    const finalizers = (name: string) => (name === "restore" ? ["taskassistant.dev/restore"] : []);
    return { items: names.map((name) => ({ metadata: { name, namespace, finalizers: finalizers(name) } })) };
  };
  const client = { list } as unknown as KubeClient;
  return checkUninstall(client, Object.keys(answers), RELEASE, new AbortController().signal);
}

it("lets the operator go when no TaskAssistant is left, or when the definition is gone", async () => {
  expect(await check({ a: [], b: 404 })).toEqual({ obstacle: undefined, unreadable: [] });
});

it("refuses while one exists, and names the commands to uninstall and to keep the operator", async () => {
  const { obstacle } = await check({ a: ["demo"], b: [] });
  expect(obstacle).toBe(
    "A TaskAssistant exists: a/demo. Delete first (with deletion.policy Retain, the default, the data stays): " +
      "`kubectl -n a delete ta demo`. Then uninstall again: `helm uninstall ta -n ops`. To keep the operator instead, " +
      "take the release out of the state uninstalling: `helm rollback ta 3 -n ops`.",
  );
});

it("refuses while a restore is at work, whose services nobody would start again", async () => {
  const { obstacle } = await check({ a: ["restore", "restored-before"] });
  expect(obstacle).toContain(
    "A TaskAssistantRestore is at work: a/restore. Wait for the end, or delete first (the old data stays): " +
      "`kubectl -n a delete tar restore`. Then uninstall again",
  );
  expect((await check({ a: ["restored-before"] })).obstacle).toBeUndefined();
});

it("goes on without a watched namespace that was deleted, and with it the right to read it", async () => {
  expect(await check({ gone: 403, b: [] })).toEqual({ obstacle: undefined, unreadable: ["gone"] });
  expect((await check({ gone: 403, b: ["demo"] })).obstacle).toContain("b/demo");
});

it("says how to uninstall without the check when the API server does not answer", async () => {
  const error = await check({ a: 503 }).catch((caught: unknown) => caught);
  expect(uncheckable(RELEASE, error)).toContain("refused in a");
  expect(uncheckable(RELEASE, error)).toContain("helm uninstall ta -n ops --no-hooks");
});
