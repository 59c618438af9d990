import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { allChildren, children as childrenOf, generatedSecrets } from "../src/assistants/desired/index.ts";
import { CHILD_KINDS, childResources } from "../src/kinds/index.ts";
import { builtin, type Resource } from "../src/kube/index.ts";
import { desiredInput } from "./assistant-fixture.ts";
import { assistants } from "./assistant-harness.ts";
import { operatorRequests } from "./audit.ts";
import { condition, createAssistant, eventually, patchAssistant, waitCondition } from "./cluster-harness.ts";
import { stage } from "./operator-harness.ts";

/** What the smallest resource is made of. */
const APPLIED = allChildren(childrenOf(desiredInput()));
const SECRETS = generatedSecrets("demo", desiredInput().spec);

const world = stage("operator-lifecycle");

const { deployment, environment, ready, settled, writes } = assistants(world);
const DEMO = { provider: "Demo" };

describe("a new TaskAssistant", () => {
  it("becomes Ready under PodSecurity restricted, tells its story, and then nothing is written any more", async () => {
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

    const events = (await world().list(builtin.Event, "converge")).filter(
      ({ regarding }) => regarding.kind === "TaskAssistant",
    );
    const told = events.map((event) => event.action);
    expect(told).toEqual(
      expect.arrayContaining([
        "DatabaseReady",
        "MigrationsApplied",
        "FrontendAvailable",
        "ApiAvailable",
        "McpVerified",
        "Ready",
      ]),
    );
    expect(told.filter((action) => action === "Ready")).toHaveLength(1);
  });

  it("costs each child one write until it is Ready, and the status few", async () => {
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
    // The volume, the migration and Ready are told at once; what else changed, together, and every two seconds at most.
    expect(written.filter((each) => each === "taskassistants/status demo").length).toBeLessThanOrEqual(3 + twoSeconds);
    expect(written).not.toContain("taskassistants demo");
  });

  it("gets no conflict, no refusal and no read besides the watches", () => {
    const odd = operatorRequests(world()).filter(
      ({ verb, responseStatus, objectRef }) =>
        (responseStatus?.code ?? 0) >= 400 ||
        (verb === "get" && objectRef?.name !== "taskassistant-operator-checksum-key"),
    );
    expect(odd.filter(({ requestURI }) => !requestURI.includes("checksum-key"))).toEqual([]);
  });
});

describe.concurrent("children", () => {
  it("come back when they are deleted by hand, all but data and credentials", async () => {
    await ready("heal");
    await settled("heal");
    const before = new Map<`${string}/${string}`, string>();
    for (const resource of childResources()) {
      for (const child of await world().list(resource, "heal")) {
        if (!child.metadata.ownerReferences?.some(({ kind }) => kind === "TaskAssistant")) continue;
        before.set(`${resource.plural}/${child.metadata.name}`, child.metadata.uid!);
        await world().client.delete(
          resource,
          { namespace: "heal", name: child.metadata.name },
          { signal: world().signal, propagationPolicy: "Background" },
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
          (await world().list(resource, "heal")).map(
            (child) => [`${resource.plural}/${child.metadata.name}` as const, child.metadata.uid] as const,
          ),
        ),
      );
      const uids = new Map(now.flat());
      return [...before].every(([id, uid]) => uids.has(id) && uids.get(id) !== uid);
    });
    await settled("heal");
  });

  it("keep what others add: annotations, labels, a restart", async () => {
    await ready("foreign");
    await settled("foreign");
    await world().cluster.kubectl("-n", "foreign", "annotate", "deployment/demo-api", "someone.example/note=x");
    await world().cluster.kubectl("-n", "foreign", "label", "deployment/demo-api", "team=a");
    await world().cluster.kubectl("-n", "foreign", "rollout", "restart", "deployment/demo-api");
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

  it("are put right when somebody changes our fields", async () => {
    await ready("drift");
    await world().cluster.kubectl("-n", "drift", "set", "env", "deployment/demo-api", "AGENT_MAX_STEPS=99", "MINE=1");
    await eventually("our value", async () => (await environment("drift", "api")).AGENT_MAX_STEPS === "8");
    expect((await environment("drift", "api")).MINE).toBe("1");
    await world().client.mergePatch(
      CHILD_KINDS.Service.resource,
      { namespace: "drift", name: "demo-api" },
      { spec: { selector: { app: "evil" } } },
      { signal: world().signal },
    );
    await eventually("our selector", async () => {
      const service = await world().get(CHILD_KINDS.Service.resource, "drift", "demo-api");
      return service?.spec.selector["app.kubernetes.io/name"] === "taskassistant-api";
    });
    // Without its label the watch no longer shows it: who owns it tells that it is ours.
    const managedBy = "app.kubernetes.io/managed-by";
    await world().cluster.kubectl("-n", "drift", "label", "service/demo-mcp", `${managedBy}=me`, "--overwrite");
    await eventually("our label", async () => {
      const service = await world().get(CHILD_KINDS.Service.resource, "drift", "demo-mcp");
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
    expect([before.CORS_ORIGINS, before.LOG_LEVEL, before.AGENT_SYSTEM_PROMPT]).toEqual([
      "https://a.example",
      "debug",
      "Be brief.",
    ]);
    await patchAssistant(world(), "removal", "demo", { spec: { exposure: { ingress: { annotations: null } } } });
    await settled("removal");
    const ingress = await world().get(CHILD_KINDS.Ingress.resource, "removal", "demo");
    expect(Object.keys(ingress?.metadata.annotations ?? {})).toEqual(["taskassistant.dev/desired-hash"]);
    await patchAssistant(world(), "removal", "demo", {
      spec: {
        api: null,
        agent: null,
        exposure: null,
        model: { provider: "OpenAICompatible", name: "m", baseURL: "https://llm.example/v1" },
      },
    });
    await settled("removal");
    const after = await environment("removal", "api");
    expect([after.CORS_ORIGINS, after.LOG_LEVEL, after.AGENT_SYSTEM_PROMPT]).toEqual([undefined, undefined, undefined]);
    expect(await world().get(CHILD_KINDS.Ingress.resource, "removal", "demo")).toBeUndefined();
    for (const resource of [
      CHILD_KINDS.Deployment.resource,
      CHILD_KINDS.Service.resource,
      CHILD_KINDS.ServiceAccount.resource,
      CHILD_KINDS.NetworkPolicy.resource,
    ] as Resource[]) {
      expect(await world().get(resource, "removal", "demo-model")).toBeUndefined();
    }
  });

  it("of a name that somebody else uses are left alone, and the resource says so", async () => {
    await world().namespace("taken");
    const { client, signal } = world();
    const metadata = { namespace: "taken", name: "demo-api" };
    const service = {
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: { selector: { app: "other" }, ports: [{ port: 8000, targetPort: 1, protocol: "TCP", name: "other" }] },
    };
    // Nothing in it contradicts ours: no apply would meet a conflict.
    const account = { apiVersion: "v1", kind: "ServiceAccount", metadata, imagePullSecrets: [{ name: "other" }] };
    const before = [await client.create(service, { signal }), await client.create(account, { signal })];
    await createAssistant(world(), "taken", "demo");
    const ref = { namespace: "taken", name: "demo" };
    const found = await waitCondition(world(), ref, "Accepted", "False", "NameConflict");
    expect(condition(found, "Accepted")?.message).toMatch(
      /ServiceAccount demo-api already exists and does not belong to this TaskAssistant\. .*Service demo-api already exists and does not belong to this TaskAssistant \(/,
    );
    expect([
      await world().get(CHILD_KINDS.Service.resource, "taken", "demo-api"),
      await world().get(CHILD_KINDS.ServiceAccount.resource, "taken", "demo-api"),
    ]).toEqual(before);
    for (const resource of [CHILD_KINDS.Service.resource, CHILD_KINDS.ServiceAccount.resource])
      await client.delete(resource, metadata, { signal });
    await waitCondition(world(), ref, "Ready", "True");
  });
});
