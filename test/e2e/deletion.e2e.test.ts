import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openAccess } from "../../scripts/up/access.ts";
import { OPERATOR_NAMESPACE } from "../../scripts/up/deploy.ts";
import {
  type Assistant,
  bringUp,
  CLUSTER,
  cluster,
  eventually,
  example,
  NAMESPACES,
} from "./harness/cluster/assistants.ts";
import { waitCondition } from "./harness/cluster/conditions.ts";
import { belongings, find, list, patch } from "./harness/cluster/objects.ts";
import { podsOf } from "./harness/cluster/rollouts.ts";
import { emptied, frugal } from "./harness/cluster/tidy.ts";
import { type Person, signIn, signUp } from "./harness/people/people.ts";
import { workOf } from "./harness/people/work.ts";

const NS = NAMESPACES.deletion;

let kept: Assistant;
let ann: Person;

function resource(name: string, policy: "Retain" | "Delete") {
  const found = frugal(example("demo.yaml"));
  found.metadata.name = name;
  found.spec.deletion = { policy };
  return found;
}

const deleteNow = (name: string) =>
  cluster().kubectl("--namespace", NS, "delete", "taskassistant", name, "--wait=false", "--ignore-not-found");

/** Waits until the resource and its pods are gone; what stays is compared by the caller. */
async function gone(name: string): Promise<void> {
  await eventually(
    `${name} gone`,
    () => find("taskassistants", NS, name),
    (live) => live === undefined,
    240,
  );
  await eventually(
    `pods of ${name} gone`,
    async () => (await list("pods", NS, name)).map(({ metadata }) => metadata.name),
    (pods) => pods.length === 0,
    240,
  );
}

const uids = async (name: string): Promise<Record<string, string>> =>
  Object.fromEntries([...(await belongings(NS, name))].map(([id, { metadata }]) => [id, metadata.uid]));

/** The PersistentVolume behind the data; undefined once it is gone. */
async function volumeOf(name: string): Promise<string> {
  const claim = await find("persistentvolumeclaims", NS, `${name}-db-data`);
  expect(claim?.status.phase).toBe("Bound");
  return claim?.spec.volumeName;
}

async function expectNothingLeft(name: string, volume: string): Promise<void> {
  await gone(name);
  const left = async () => [...(await belongings(NS, name)).keys()];
  await eventually(`nothing of ${name} left`, left, (ids) => ids.length === 0, 60);
  const volumes = () => cluster().kubectl("get", "persistentvolumes", "--output", "name");
  await eventually("no volume left", volumes, (names) => !names.includes(volume), 60);
}

beforeAll(async () => {
  await emptied(NS);
  const [first, dropped] = await Promise.all([
    bringUp(NS, resource("kept", "Retain"), 400),
    bringUp(NS, resource("dropped", "Delete"), 400),
  ]);
  kept = first;
  ann = await signUp(kept.url, "Ann");
  await workOf(kept.url, ann).add("Renew the passport");
  await signUp(dropped.url, "Bob");
}, 600_000);
afterAll(() => emptied(NS), 300_000);

it("helm uninstall is refused while assistants exist, prints why, and the rollback it names brings the release back", async () => {
  const { helm } = await openAccess({ kind: "embedded", name: CLUSTER }, () => {});
  const release = ["taskassistant", "--namespace", OPERATOR_NAMESPACE];
  const refused = await helm(["uninstall", ...release, "--timeout", "90s"], { tail: 100 }).then(
    () => "it was uninstalled",
    (error: unknown) => String(error),
  );
  expect(refused).toContain(`kubectl -n ${NS} delete ta kept`);
  const [, rollback = ""] = /helm (rollback [\w-]+ \d+ -n [\w-]+)/.exec(refused) ?? [];
  await helm(rollback.split(" "));
  expect(await helm(["status", ...release])).toContain("STATUS: deployed");
}, 180_000);

describe("Retain", () => {
  it("keeps the volume and the credentials, and nothing else", async () => {
    const before = await uids("kept");
    await deleteNow("kept");
    await gone("kept");
    const credentials = ["persistentvolumeclaims/kept-db-data", "secrets/kept-auth", "secrets/kept-database"];
    const remains = async () => Object.keys(await uids("kept")).sort();
    await eventually("only data and credentials", remains, (ids) => ids.length === credentials.length, 60);
    expect(await uids("kept")).toEqual(Object.fromEntries(credentials.map((id) => [id, before[id]])));
    expect(await volumeOf("kept")).toMatch(/./);
  }, 600_000);

  it("lets a new resource of the same name find its data: the old password, the old tasks", async () => {
    const before = await uids("kept");
    kept = await bringUp(NS, resource("kept", "Retain"), 400);
    const cookie = await signIn(kept.url, ann);
    expect(await workOf(kept.url, { ...ann, cookie }).titles()).toEqual(["Renew the passport"]);
    expect(await uids("kept")).toMatchObject(before);
  }, 600_000);
});

describe("Delete", () => {
  it("leaves nothing, also when it is said twice", async () => {
    const volume = await volumeOf("dropped");
    await deleteNow("dropped");
    await deleteNow("dropped");
    await expectNothingLeft("dropped", volume);
  }, 600_000);

  it("leaves nothing of a suspended assistant either, whatever its policy was before", async () => {
    const volume = await volumeOf("kept");
    await patch("taskassistants", NS, "kept", { spec: { suspend: true } });
    await waitCondition(NS, "kept", "Suspended", { status: "True" });
    const running = async () => [...(await podsOf(NS, "kept")).keys()];
    await eventually("no pod", running, (components) => components.length === 0, 120);
    await patch("taskassistants", NS, "kept", { spec: { deletion: { policy: "Delete" } } });
    await deleteNow("kept");
    await expectNothingLeft("kept", volume);
  }, 600_000);
});
