import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { allChildren, children as childrenOf, generatedSecrets } from "../src/assistants/desired/index.ts";
import { CHILD_KINDS, childResources } from "../src/kinds/index.ts";
import { builtin, type KubeObject, type Resource } from "../src/kube/index.ts";
import { desiredInput } from "./fixtures/assistant-fixture.ts";
import { assistantHarness } from "./harness/assistant-harness.ts";
import { operatorRequests } from "./harness/audit.ts";
import { condition, createAssistant, eventually, patchAssistant, waitCondition } from "./harness/cluster-harness.ts";
import { operatorHarness } from "./harness/operator-harness.ts";

/** The children of the smallest resource. */
const APPLIED = allChildren(childrenOf(desiredInput()));
const SECRETS = generatedSecrets("demo", desiredInput().spec);

const harness = operatorHarness("operator-lifecycle");

const { deployment, environment, ready, settled, writes } = assistantHarness(harness);
const DEMO = { provider: "Demo" };

/** Names a child. The name of a migration follows from the Secrets it uses, and one of them comes back with another password. */
const idOf = ({ plural }: Resource, { metadata }: KubeObject) =>
  `${plural}/${metadata.name?.replace(/-migrate-\w+$/, "-migrate")}`;

describe("a new TaskAssistant", () => {
  it("becomes Ready under PodSecurity restricted with Events for each step, and then the operator writes nothing more", async () => {
    const found = await ready("converge");
    expect(found.status).toMatchObject({
      url: "http://localhost:3000",
      model: "Demo",
      version: { running: "0.1.0", target: "0.1.0" },
      components: { api: { ready: "1/1", replicas: 1 }, database: { ready: "1/1" } },
    });
    expect(found.status?.conditions?.every(({ observedGeneration }) => observedGeneration === 1)).toBe(true);
    await settled("converge");
    const before = writes("converge").length;
    await sleep(20_000);
    expect(
      writes("converge")
        .slice(before)
        .map(({ verb, requestURI }) => `${verb} ${requestURI}`),
    ).toEqual([]);

    const events = (await harness().list(builtin.Event, "converge")).filter(
      ({ regarding }) => regarding.kind === "TaskAssistant",
    );
    const recorded = events.map((event) => event.action);
    expect(recorded).toEqual(
      expect.arrayContaining([
        "DatabaseReady",
        "MigrationsApplied",
        "FrontendAvailable",
        "ApiAvailable",
        "McpVerified",
        "Ready",
      ]),
    );
    expect(recorded.filter((action) => action === "Ready")).toHaveLength(1);
  });

  it("becomes Ready with one write for each child and few for the status", async () => {
    const start = performance.now();
    await ready("frugal");
    const twoSeconds = Math.ceil((performance.now() - start) / 2000);
    const written = writes("frugal").map(({ objectRef = {} }) => {
      const { resource, subresource, name } = objectRef;
      return `${resource}${subresource === undefined ? "" : `/${subresource}`} ${name}`;
    });
    const children = written.filter((each) => !/^(events|taskassistants)/.test(each));
    expect(children.toSorted()).toEqual([...new Set(children)].toSorted());
    expect(children).toHaveLength(APPLIED.length + SECRETS.length);
    // The volume, the migration and Ready are reported at once, other changes together and at most every two seconds.
    expect(written.filter((each) => each === "taskassistants/status demo").length).toBeLessThanOrEqual(3 + twoSeconds);
    expect(written).not.toContain("taskassistants demo");
  });

  it("causes no conflict, no refusal and no read besides the watches", () => {
    const odd = operatorRequests(harness()).filter(
      // Without objectRef it is discovery: whether the kinds of backups are installed is asked once at the start.
      ({ verb, responseStatus, objectRef }) =>
        (responseStatus?.code ?? 0) >= 400 || (verb === "get" && objectRef !== undefined),
    );
    expect(odd.filter(({ requestURI }) => !requestURI.includes("checksum-key"))).toEqual([]);
  });
});

describe.concurrent("children", () => {
  it("are created again when somebody deletes them, except data and credentials", async () => {
    await ready("heal");
    await settled("heal");
    const before = new Map<string, string>();
    for (const resource of childResources()) {
      for (const child of await harness().list(resource, "heal")) {
        if (!child.metadata.ownerReferences?.some(({ kind }) => kind === "TaskAssistant")) continue;
        before.set(idOf(resource, child), child.metadata.uid!);
        await harness().client.delete(
          resource,
          { namespace: "heal", name: child.metadata.name },
          { signal: harness().signal, propagationPolicy: "Background" },
        );
      }
    }
    expect(before.size).toBe(
      APPLIED.filter(({ metadata }) => metadata.ownerReferences !== undefined).length +
        SECRETS.filter(({ credential }) => !credential).length,
    );
    await eventually("all children again", async () => {
      const now = await Promise.all(
        childResources().map(async (resource) =>
          (await harness().list(resource, "heal")).map((child) => [idOf(resource, child), child.metadata.uid] as const),
        ),
      );
      const uids = new Map(now.flat());
      return [...before].every(([id, uid]) => uids.has(id) && uids.get(id) !== uid);
    });
    await settled("heal");
  });

  it("keep annotations, labels and restarts that others add", async () => {
    await ready("foreign");
    await settled("foreign");
    await harness().cluster.kubectl("-n", "foreign", "annotate", "deployment/demo-api", "someone.example/note=x");
    await harness().cluster.kubectl("-n", "foreign", "label", "deployment/demo-api", "team=a");
    await harness().cluster.kubectl("-n", "foreign", "rollout", "restart", "deployment/demo-api");
    const before = writes("foreign").length;
    await settled("foreign");
    const api = await deployment("foreign", "api");
    expect(api.metadata.annotations).toMatchObject({ "someone.example/note": "x" });
    expect(api.metadata.labels).toMatchObject({ team: "a" });
    expect(api.spec.template.metadata.annotations["kubectl.kubernetes.io/restartedAt"]).toBeDefined();
    expect(
      writes("foreign")
        .slice(before)
        .filter(({ objectRef }) => objectRef?.resource === "deployments"),
    ).toEqual([]);
  });

  it("are corrected when somebody changes the operator's fields", async () => {
    await ready("drift");
    await harness().cluster.kubectl("-n", "drift", "set", "env", "deployment/demo-api", "AGENT_MAX_STEPS=99", "MINE=1");
    await eventually("our value", async () => (await environment("drift", "api")).AGENT_MAX_STEPS === "8");
    expect((await environment("drift", "api")).MINE).toBe("1");
    await harness().client.mergePatch(
      CHILD_KINDS.Service.resource,
      { namespace: "drift", name: "demo-api" },
      { spec: { selector: { app: "evil" }, type: "NodePort" } },
      { signal: harness().signal },
    );
    await eventually("our selector and type", async () => {
      const service = await harness().get(CHILD_KINDS.Service.resource, "drift", "demo-api");
      const selected = service?.spec.selector["app.kubernetes.io/name"];
      return selected === "taskassistant-api" && service?.spec.type === "ClusterIP";
    });
    await harness().cluster.kubectl("-n", "drift", "label", "deployment/demo-mcp", "app.kubernetes.io/part-of-");
    await eventually("the removed label", async () => {
      const mcp = await deployment("drift", "mcp");
      return mcp.metadata.labels?.["app.kubernetes.io/part-of"] === "taskassistant";
    });
    // Without its label the watch no longer shows it, but its owner reference identifies it.
    const managedBy = "app.kubernetes.io/managed-by";
    await harness().cluster.kubectl("-n", "drift", "label", "service/demo-mcp", `${managedBy}=me`, "--overwrite");
    await eventually("our label", async () => {
      const service = await harness().get(CHILD_KINDS.Service.resource, "drift", "demo-mcp");
      return service?.metadata.labels?.[managedBy] === "taskassistant-operator";
    });
  });

  it("lose what the spec no longer has", async () => {
    await ready("removal", {
      model: DEMO,
      api: { corsOrigins: ["https://a.example"], env: [{ name: "LOG_LEVEL", value: "debug" }] },
      agent: { systemPrompt: "Be brief." },
      exposure: { type: "Ingress", host: "a.example", ingress: { annotations: { "a.example/x": "1" } } },
    });
    await settled("removal");
    const before = await environment("removal", "api");
    expect(before).toMatchObject({
      CORS_ORIGINS: "https://a.example",
      LOG_LEVEL: "debug",
      AGENT_SYSTEM_PROMPT: "Be brief.",
    });
    await patchAssistant(harness(), "removal", "demo", { spec: { exposure: { ingress: { annotations: null } } } });
    await settled("removal");
    const ingress = await harness().get(CHILD_KINDS.Ingress.resource, "removal", "demo");
    expect(Object.keys(ingress?.metadata.annotations ?? {})).toEqual(["taskassistant.dev/desired-hash"]);
    await patchAssistant(harness(), "removal", "demo", {
      spec: {
        api: null,
        agent: null,
        exposure: null,
        model: { provider: "OpenAICompatible", name: "m", baseURL: "https://llm.example/v1" },
      },
    });
    await settled("removal");
    const after = await environment("removal", "api");
    for (const name of ["CORS_ORIGINS", "LOG_LEVEL", "AGENT_SYSTEM_PROMPT"]) expect(after).not.toHaveProperty(name);
    expect(await harness().get(CHILD_KINDS.Ingress.resource, "removal", "demo")).toBeUndefined();
    for (const resource of [
      CHILD_KINDS.Deployment.resource,
      CHILD_KINDS.Service.resource,
      CHILD_KINDS.ServiceAccount.resource,
      CHILD_KINDS.NetworkPolicy.resource,
    ] as Resource[]) {
      expect(await harness().get(resource, "removal", "demo-model")).toBeUndefined();
    }
  });

  it("are not applied over somebody else's objects of the same names, and the resource reports the conflict", async () => {
    await harness().namespace("taken");
    const { client, signal } = harness();
    const metadata = { namespace: "taken", name: "demo-api" };
    const service = {
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: { selector: { app: "other" }, ports: [{ port: 8000, targetPort: 1, protocol: "TCP", name: "other" }] },
    };
    // It has no field that the operator sets to another value, so no apply would cause a conflict.
    const account = { apiVersion: "v1", kind: "ServiceAccount", metadata, imagePullSecrets: [{ name: "other" }] };
    const before = [await client.create(service, { signal }), await client.create(account, { signal })];
    await createAssistant(harness(), "taken", "demo");
    const ref = { namespace: "taken", name: "demo" };
    const found = await waitCondition(harness(), ref, "Accepted", "False", "NameConflict");
    expect(condition(found, "Accepted")?.message).toMatch(
      /ServiceAccount demo-api already exists and does not belong to this TaskAssistant\. .*Service demo-api already exists and does not belong to this TaskAssistant \(/,
    );
    expect([
      await harness().get(CHILD_KINDS.Service.resource, "taken", "demo-api"),
      await harness().get(CHILD_KINDS.ServiceAccount.resource, "taken", "demo-api"),
    ]).toEqual(before);
    for (const resource of [CHILD_KINDS.Service.resource, CHILD_KINDS.ServiceAccount.resource])
      await client.delete(resource, metadata, { signal });
    await waitCondition(harness(), ref, "Ready", "True");
  });
});
