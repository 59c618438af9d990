import { tagImage } from "@taskassistant/cluster";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import {
  type Assistant,
  bringUp,
  CLUSTER,
  cluster,
  eventually,
  example,
  NAMESPACES,
} from "./harness/cluster/assistants.ts";
import { settled, waitCondition } from "./harness/cluster/conditions.ts";
import { belongings, find, list, patch, remove, secret } from "./harness/cluster/objects.ts";
import { killOperator, operatorWrites, restartOperator } from "./harness/cluster/operator.ts";
import { podsOf, replaced, rolledBy, touched } from "./harness/cluster/rollouts.ts";
import { differences, shapeOf } from "./harness/cluster/shape.ts";
import { emptied, frugal } from "./harness/cluster/tidy.ts";
import { type Person, signUp } from "./harness/people/people.ts";
import { type Work, workOf } from "./harness/people/work.ts";

const NS = NAMESPACES.lifecycle;
const ALL = ["api", "db", "frontend", "mcp", "model"];
const AUTH_SECRET = "the-signing-secret-that-the-user-brought-along";

/** Not "demo": that word stands in image names and settings too. */
const NAME = "calm";

let assistant: Assistant;
let untouched: Map<string, unknown>;
let ann: Person;
let work: Work;

function resource(name: string) {
  const found = frugal(example("demo.yaml"));
  found.metadata.name = name;
  found.spec.auth.secretRef = { name: "signing" };
  found.spec.mcp.env = [{ name: "TEAM", valueFrom: { secretKeyRef: { name: "settings", key: "team" } } }];
  return found;
}

const change = (spec: object) => patch("taskassistants", NS, NAME, { spec });
const uidOf = async (plural: Parameters<typeof find>[0], name: string) => (await find(plural, NS, name))?.metadata.uid;

async function replicas(): Promise<Record<string, number>> {
  const workloads = [...(await list("deployments", NS, NAME)), ...(await list("statefulsets", NS, NAME))];
  return Object.fromEntries(workloads.map(({ metadata, spec }) => [metadata.name, spec.replicas]));
}

beforeAll(async () => {
  await emptied(NS);
  await secret(NS, "signing", { secret: AUTH_SECRET });
  await secret(NS, "settings", { team: "blue" });
  assistant = await bringUp(NS, resource(NAME), 300);
  untouched = await shapeOf(NS, NAME);
  ann = await signUp(assistant.url, "Ann");
  work = workOf(assistant.url, ann);
  await work.add("Water the plants");
}, 600_000);
afterAll(() => emptied(NS), 300_000);

describe("an operator that is killed", () => {
  it("again and again while a resource is made and while it is deleted: the same in the end", async () => {
    const shaken = resource("shaken");
    shaken.spec.deletion = { policy: "Delete" };
    const up = bringUp(NS, shaken, 400);
    const credentials: (string | undefined)[] = [];
    for (const [plural, suffix] of [
      ["secrets", "database"],
      ["statefulsets", "db"],
      ["deployments", "api"],
    ] as const) {
      const appeared = async () => (await find(plural, NS, `shaken-${suffix}`)) !== undefined;
      await eventually(`${plural}/shaken-${suffix}`, appeared, (yes) => yes, 120);
      await killOperator();
      credentials.push(await uidOf("secrets", "shaken-database"));
    }
    await up;
    await settled(NS, "shaken");
    expect(untouched.size).toBeGreaterThan(20);
    expect(differences(untouched, await shapeOf(NS, "shaken"))).toEqual([]);
    expect(new Set([...credentials, await uidOf("secrets", "shaken-database")]).size).toBe(1);

    const claim = await find("persistentvolumeclaims", NS, "shaken-db-data");
    await remove("taskassistants", NS, "shaken");
    await killOperator();
    const left = async () => [...(await belongings(NS, "shaken")).keys()];
    await eventually("nothing of it left", left, (names) => names.length === 0, 240);
    expect(await find("taskassistants", NS, "shaken")).toBeUndefined();
    const volume = await cluster().kubectl.run(["get", "persistentvolume", claim?.spec.volumeName]);
    expect(volume.stderr).toContain("not found");
  }, 900_000);

  it("or restarted while nothing is to be done: nothing is written, no pod goes", async () => {
    await settled(NS, NAME);
    const pods = await podsOf(NS, NAME);
    const writes = operatorWrites(NS).length;
    expect(writes).toBeGreaterThan(0);
    await restartOperator();
    await new Promise((done) => setTimeout(done, 15_000));
    expect(operatorWrites(NS).slice(writes)).toEqual([]);
    expect(await podsOf(NS, NAME)).toEqual(pods);
  }, 300_000);
});

describe("a change replaces exactly the pods concerned:", () => {
  it("a replica count: none, one comes along", async () => {
    const before = await podsOf(NS, NAME);
    await change({ mcp: { replicas: 2 } });
    await eventually(
      "two pods",
      () => podsOf(NS, NAME),
      (pods) => pods.get("mcp")?.size === 2,
    );
    await settled(NS, NAME);
    expect(touched(before, await podsOf(NS, NAME))).toEqual([]);
    await change({ mcp: { replicas: 1 } });
    await settled(NS, NAME);
    expect((await podsOf(NS, NAME)).get("mcp")?.size).toBe(1);
  }, 300_000);

  it("an image: the API", async () => {
    const image = "ghcr.io/taskassistant/api:another-name";
    await tagImage(CLUSTER, inject("images").api ?? "", image);
    expect(await rolledBy(NS, NAME, ["api"], () => change({ api: { image } }))).toEqual(["api"]);
    expect((await find("taskassistants", NS, NAME))?.status.components.api.image).toBe(image);
  }, 400_000);

  it("an environment variable: the frontend", async () => {
    const env = [{ name: "LOG_LEVEL", value: "debug" }];
    expect(await rolledBy(NS, NAME, ["frontend"], () => change({ frontend: { env } }))).toEqual(["frontend"]);
  }, 400_000);

  it("a Secret's value: the MCP server that uses it", async () => {
    const rotate = () => secret(NS, "settings", { team: "green" });
    expect(await rolledBy(NS, NAME, ["mcp"], rotate)).toEqual(["mcp"]);
  }, 400_000);

  it("the token exchange's credential, made anew: its two ends, and the chain holds again", async () => {
    const drop = () => remove("secrets", NS, `${NAME}-exchange`);
    expect(await rolledBy(NS, NAME, ["api", "frontend"], drop)).toEqual(["api", "frontend"]);
    const answer = await work.chat("add call the dentist");
    expect([answer.status, answer.text]).toEqual([200, expect.stringContaining("dentist")]);
    expect(await work.titles()).toContain("Call the dentist");
  }, 400_000);

  it("the auth secret under existing data: none, because the data can't be read with another one", async () => {
    const before = await podsOf(NS, NAME);
    await secret(NS, "signing", { secret: `${AUTH_SECRET}-but-another-one` });
    const said = await waitCondition(NS, NAME, "MigrationsApplied", { status: "False", reason: "ForeignData" });
    expect(said).toContain("auth secret");
    expect(said).toContain(`kubectl -n ${NS} logs job/${NAME}-migrate-`);
    await waitCondition(NS, NAME, "Ready", { status: "False", reason: "ForeignData" });
    expect(await work.titles()).toContain("Water the plants");
    await secret(NS, "signing", { secret: AUTH_SECRET });
    await settled(NS, NAME);
    expect(await podsOf(NS, NAME)).toEqual(before);
  }, 400_000);
});

describe("suspend", () => {
  it("stops every pod and keeps the rest; afterwards the counts and the data are as before", async () => {
    await cluster().kubectl("--namespace", NS, "scale", `deployment/${NAME}-api`, "--replicas=2");
    await eventually(
      "two pods",
      () => podsOf(NS, NAME),
      (pods) => pods.get("api")?.size === 2,
    );
    await settled(NS, NAME);
    const counts = await replicas();
    const kept = [`persistentvolumeclaims/${NAME}-db-data`, `secrets/${NAME}-database`, `services/${NAME}-frontend`];
    const before = await belongings(NS, NAME);
    const titles = await work.titles();

    await change({ suspend: true });
    await waitCondition(NS, NAME, "Suspended", { status: "True" });
    expect(await waitCondition(NS, NAME, "Ready", { status: "False", reason: "Suspended" })).toContain("spec.suspend");
    const running = async () => [...(await podsOf(NS, NAME)).keys()];
    await eventually("no pod", running, (components) => components.length === 0, 120);
    expect(new Set(Object.values(await replicas()))).toEqual(new Set([0]));
    const during = await belongings(NS, NAME);
    expect(kept.map((id) => during.get(id)?.metadata.uid)).toEqual(kept.map((id) => before.get(id)?.metadata.uid));

    await change({ suspend: false });
    await settled(NS, NAME);
    await waitCondition(NS, NAME, "Suspended", { status: "False" });
    expect(await replicas()).toEqual(counts);
    // The cookie from before: users, sessions and the signing secret are the same.
    expect(await work.titles()).toEqual(titles);
    await cluster().kubectl("--namespace", NS, "scale", `deployment/${NAME}-api`, "--replicas=1");
  }, 600_000);
});

describe("what is deleted by hand", () => {
  it("comes back, each child of every kind, and the data is there", async () => {
    await settled(NS, NAME);
    const before = await belongings(NS, NAME);
    const pods = await podsOf(NS, NAME);
    const isOwned = ([id]: [string, unknown]) => !id.startsWith("pods/") && !KEPT.has(id);
    const children = new Map([...before].filter(isOwned));
    expect(new Set([...children.keys()].map((id) => id.split("/")[0]))).toEqual(
      new Set(["deployments", "statefulsets", "services", "serviceaccounts", "networkpolicies", "jobs", "secrets"]),
    );
    for (const id of children.keys()) {
      const [plural, name = ""] = id.split("/") as [Parameters<typeof remove>[0], string];
      await remove(plural, NS, name);
    }
    const missing = async () => {
      const now = await belongings(NS, NAME);
      const uids = new Set([...before.values()].map(({ metadata }) => metadata.uid));
      // The migration's name follows from the Secrets it uses, and one of them comes back with another password.
      const sameChild = (id: string) => (now: string) =>
        id.startsWith("jobs/") ? now.startsWith(`jobs/${NAME}-migrate-`) : now === id;
      const isNew = (id: string) =>
        [...now].some(([found, { metadata }]) => sameChild(id)(found) && !uids.has(metadata.uid));
      return [...children.keys()].filter((id) => !isNew(id));
    };
    await eventually("all children anew", missing, (ids) => ids.length === 0, 180);
    await settled(NS, NAME, 300);
    expect(replaced(pods, await podsOf(NS, NAME))).toEqual(ALL);
    expect(await work.titles()).toContain("Water the plants");
  }, 600_000);

  it("and is a credential stays away while data exists, until it is restored; people notice nothing", async () => {
    const saved = await find("secrets", NS, `${NAME}-database`);
    const pods = await podsOf(NS, NAME);
    await remove("secrets", NS, `${NAME}-database`);
    const said = await waitCondition(NS, NAME, "DatabaseReady", { status: "False", reason: "CredentialsMissing" });
    expect(said).toContain(`Secret ${NAME}-database is missing`);
    expect(said).toContain(`kubectl -n ${NS} apply -f SECRET.yaml`);
    await waitCondition(NS, NAME, "Stalled", { status: "True", reason: "UserActionNeeded" });
    expect(await work.titles()).toContain("Water the plants");
    expect(await find("secrets", NS, `${NAME}-database`)).toBeUndefined();

    const { uid: _uid, resourceVersion: _version, ...metadata } = saved?.metadata ?? { uid: "", resourceVersion: "" };
    await cluster().kubectl.apply([{ ...saved, apiVersion: "v1", kind: "Secret", metadata }], "--namespace", NS);
    await settled(NS, NAME);
    expect(await podsOf(NS, NAME)).toEqual(pods);
  }, 300_000);
});

/** Data and credentials: deleting these by hand is another story. */
const KEPT = new Set([`persistentvolumeclaims/${NAME}-db-data`, `secrets/${NAME}-database`]);
