import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { CHILD_KINDS } from "../src/kinds/index.ts";
import { condition, createAssistant, eventually, patchAssistant, secret, waitCondition } from "./cluster-harness.ts";
import { stage } from "./operator-harness.ts";
import type { Fate } from "./stub-kubelet.ts";

/** `namespace/component` -> what happens to its pods. */
const fates = new Map<string, Fate>();
const world = stage(
  "operator-mistakes",
  ({ metadata }) => fates.get(`${metadata.namespace}/${metadata.labels?.["app.kubernetes.io/component"]}`) ?? "ready",
);

const DEMO = { provider: "Demo" };
const OPENAI = { provider: "OpenAICompatible", name: "m", apiKeySecretRef: { name: "llm", key: "apiKey" } };

async function create(namespace: string, spec: object = { model: DEMO }): Promise<void> {
  await world().namespace(namespace);
  await createAssistant(world(), namespace, "demo", spec);
}

async function message(namespace: string, type: string, status: string, reason: string): Promise<string> {
  const found = await waitCondition(world(), { namespace, name: "demo" }, type, status, reason);
  return condition(found, type)?.message ?? "";
}

const exists = async (namespace: string, tier: string) =>
  (await world().get(CHILD_KINDS.Deployment.resource, namespace, `demo-${tier}`)) !== undefined;

describe.concurrent("a missing Secret", () => {
  it("holds the tier that needs it, names the command, and heals when it appears, wrong key included", async () => {
    await create("secret", { model: OPENAI });
    expect(await message("secret", "Accepted", "False", "SecretNotFound")).toBe(
      "Secret llm (key apiKey), named by spec.model.apiKeySecretRef, doesn't exist. Next: kubectl -n secret create secret generic llm --from-literal=apiKey=VALUE.",
    );
    await message("secret", "FrontendAvailable", "True", "Available");
    expect([await exists("secret", "frontend"), await exists("secret", "mcp"), await exists("secret", "api")]).toEqual([
      true,
      true,
      false,
    ]);
    expect(await message("secret", "Ready", "False", "SecretNotFound")).toContain("kubectl -n secret create secret");
    await message("secret", "Stalled", "True", "UserActionNeeded");

    await secret(world(), "secret", "llm", { key: "x" });
    expect(await message("secret", "Accepted", "False", "SecretKeyNotFound")).toContain("Secret llm has no key apiKey");
    await secret(world(), "secret", "llm", { apiKey: "x" });
    await message("secret", "Ready", "True", "Ready");
  });

  it("that disappears later leaves the running pods alone", async () => {
    await create("vanish", { model: DEMO, auth: { initialUser: { secretRef: { name: "first" } } } });
    expect(await message("vanish", "Accepted", "False", "SecretNotFound")).toContain(
      "--from-literal=email=VALUE --from-literal=password=VALUE",
    );
    await secret(world(), "vanish", "first", { email: "a@b.c", password: "x" });
    await message("vanish", "Ready", "True", "Ready");
    const before = await world().get(CHILD_KINDS.Deployment.resource, "vanish", "demo-frontend");
    await world().client.delete(
      CHILD_KINDS.Secret.resource,
      { namespace: "vanish", name: "first" },
      { signal: world().signal },
    );
    await message("vanish", "Ready", "False", "SecretNotFound");
    await message("vanish", "FrontendAvailable", "True", "Available");
    expect((await world().get(CHILD_KINDS.Deployment.resource, "vanish", "demo-frontend"))?.spec).toEqual(before?.spec);
  });
});

describe.concurrent("credentials", () => {
  it("are never generated over existing data, and restoring them heals the resource", async () => {
    await create("lost");
    await message("lost", "Ready", "True", "Ready");
    const saved = (await world().get(CHILD_KINDS.Secret.resource, "lost", "demo-database"))!;
    const before = await world().get(CHILD_KINDS.Deployment.resource, "lost", "demo-api");
    await world().client.delete(
      CHILD_KINDS.Secret.resource,
      { namespace: "lost", name: "demo-database" },
      { signal: world().signal },
    );
    const said = await message("lost", "DatabaseReady", "False", "CredentialsMissing");
    expect(said).toContain("Secret demo-database is missing");
    expect(said).toContain("kubectl -n lost apply -f SECRET.yaml");
    await sleep(3000);
    expect(await world().get(CHILD_KINDS.Secret.resource, "lost", "demo-database")).toBeUndefined();
    expect((await world().get(CHILD_KINDS.Deployment.resource, "lost", "demo-api"))?.spec).toEqual(before?.spec);

    const { uid: _uid, resourceVersion: _version, ...metadata } = saved.metadata;
    await world().client.create({ ...saved, metadata }, { signal: world().signal });
    await message("lost", "Ready", "True", "Ready");
    expect((await world().get(CHILD_KINDS.Deployment.resource, "lost", "demo-api"))?.spec).toEqual(before?.spec);
  });

  it("that no data depends on are generated again", async () => {
    await create("exchange");
    await message("exchange", "Ready", "True", "Ready");
    const before = await world().get(CHILD_KINDS.Secret.resource, "exchange", "demo-exchange");
    await world().client.delete(
      CHILD_KINDS.Secret.resource,
      { namespace: "exchange", name: "demo-exchange" },
      { signal: world().signal },
    );
    const made = await eventually("a new Secret", () =>
      world().get(CHILD_KINDS.Secret.resource, "exchange", "demo-exchange"),
    );
    expect(made.metadata.uid).not.toBe(before?.metadata.uid);
    await message("exchange", "Ready", "True", "Ready");
  });

  it("and a missing volume is not replaced by an empty one", async () => {
    await create("volume");
    await message("volume", "Ready", "True", "Ready");
    await world().client.delete(
      CHILD_KINDS.PersistentVolumeClaim.resource,
      { namespace: "volume", name: "demo-db-data" },
      { signal: world().signal },
    );
    expect(await message("volume", "DatabaseReady", "False", "DataVolumeMissing")).toContain(
      "kubectl -n volume exec demo-db-0 -- pg_dump",
    );
    // The claim is kept by the pod that uses it; when the pod goes, it is gone.
    await patchAssistant(world(), "volume", "demo", { spec: { suspend: true } });
    const claim = () => world().get(CHILD_KINDS.PersistentVolumeClaim.resource, "volume", "demo-db-data");
    await eventually("the claim is gone", async () => (await claim()) === undefined);
    await eventually("the message explains how to start again", async () => {
      const said = await message("volume", "DatabaseReady", "False", "DataVolumeMissing");
      return said.includes("Or start empty: kubectl -n volume delete ta demo");
    });
    await sleep(3000);
    expect(await claim()).toBeUndefined();
  });
});

describe.concurrent("a release", () => {
  it("that the operator does not know changes nothing, and the message lists the known ones", async () => {
    await create("release");
    await message("release", "Ready", "True", "Ready");
    const before = await world().get(CHILD_KINDS.Deployment.resource, "release", "demo-api");
    await patchAssistant(world(), "release", "demo", { spec: { version: "9.9.9", api: { image: "other" } } });
    expect(await message("release", "Accepted", "False", "UnsupportedVersion")).toContain("it knows 0.1.0");
    expect((await world().get(CHILD_KINDS.Deployment.resource, "release", "demo-api"))?.metadata.resourceVersion).toBe(
      before?.metadata.resourceVersion,
    );
    await message("release", "MigrationsApplied", "True", "Applied");
    await patchAssistant(world(), "release", "demo", { spec: { version: null, api: null } });
    await message("release", "Ready", "True", "Ready");
  });
});

describe.concurrent("pods in trouble", () => {
  it.each<[string, string, string, Fate, string, string]>([
    [
      "noimage",
      "api",
      "ApiAvailable",
      { waiting: { reason: "ImagePullBackOff", message: "no such image" } },
      "ImagePullFailed",
      "Image ghcr.io/taskassistant/api:0.1.0 can't be pulled: no such image",
    ],
    [
      "noroom",
      "frontend",
      "FrontendAvailable",
      "pending",
      "Unschedulable",
      "no nodes available to schedule pods. Next: kubectl -n noroom describe pod demo-frontend-",
    ],
    [
      "noconfig",
      "mcp",
      "McpVerified",
      { waiting: { reason: "CreateContainerConfigError", message: 'configmap "x" not found' } },
      "ContainerConfigError",
      'configmap "x" not found',
    ],
    [
      "nodb",
      "db",
      "DatabaseReady",
      { waiting: { reason: "ErrImagePull", message: "denied" } },
      "ImagePullFailed",
      "postgres:17 can't be pulled",
    ],
  ])("in namespace %s: %s", async (namespace, component, type, fate, reason, text) => {
    fates.set(`${namespace}/${component}`, fate);
    await create(namespace);
    expect(await message(namespace, type, "False", reason)).toContain(text);
    expect(await message(namespace, "Ready", "False", reason)).toContain(text);
    fates.delete(`${namespace}/${component}`);
    await message(namespace, "Ready", "True", "Ready");
  });
});

describe.concurrent("a migration that fails", () => {
  it("holds the tiers, tells the program's own reason, and is tried again with new inputs", async () => {
    fates.set("migrate/migrate", {
      failed: `some log line\n${JSON.stringify({ reason: "PermissionDenied", message: "role app may not create roles." })}\n`,
    });
    await create("migrate");
    const said = await message("migrate", "MigrationsApplied", "False", "PermissionDenied");
    expect(said).toContain("role app may not create roles.");
    expect(await exists("migrate", "api")).toBe(false);
    await message("migrate", "Ready", "False", "PermissionDenied");
    fates.delete("migrate/migrate");
    await patchAssistant(world(), "migrate", "demo", { spec: { mcp: { image: "registry.example/mcp:2" } } });
    await message("migrate", "Ready", "True", "Ready");
  });

  it("after an image change leaves the tiers as they are", async () => {
    await create("hold");
    await message("hold", "Ready", "True", "Ready");
    fates.set("hold/migrate", { failed: "boom" });
    await patchAssistant(world(), "hold", "demo", { spec: { mcp: { image: "registry.example/mcp:2" } } });
    expect(await message("hold", "MigrationsApplied", "False", "MigrationFailed")).toContain("boom");
    const mcp = await world().get(CHILD_KINDS.Deployment.resource, "hold", "demo-mcp");
    expect(mcp?.spec.template.spec.containers[0].image).toBe("ghcr.io/taskassistant/mcp:0.1.0");
    await patchAssistant(world(), "hold", "demo", { spec: { mcp: null } });
    await message("hold", "Ready", "True", "Ready");
  });
});

describe.concurrent("an external database", () => {
  const spec = {
    model: DEMO,
    database: { mode: "External", external: { secretRef: { name: "pg" }, sslMode: "require" } },
  };

  it("is found by its Secret, reported if its address is wrong, and followed if it changes", async () => {
    await create("external", spec);
    expect(await message("external", "Accepted", "False", "SecretNotFound")).toContain("--from-literal=uri=VALUE");
    await secret(world(), "external", "pg", { uri: "mysql://a@b/c" });
    expect(await message("external", "Accepted", "False", "InvalidDatabaseURI")).toContain("its scheme is mysql");
    await secret(world(), "external", "pg", {
      uri: "postgresql://admin:secret@pg.example.com:6432/tasks?sslmode=require",
    });
    await message("external", "Ready", "True", "Ready");
    const url = async () => {
      const api = await world().get(CHILD_KINDS.Deployment.resource, "external", "demo-api");
      return api?.spec.template.spec.containers[0].env.find(({ name }: { name: string }) => name === "DATABASE_URL")
        .value;
    };
    expect(await url()).toBe("postgresql://ta_$(INSTANCE_ID)_app:$(DATABASE_PASSWORD)@pg.example.com:6432/tasks");
    expect(await world().get(CHILD_KINDS.StatefulSet.resource, "external", "demo-db")).toBeUndefined();
    await secret(world(), "external", "pg", { uri: "postgresql://admin:secret@other.example.com/tasks" });
    await eventually("the new address", async () => (await url()).includes("@other.example.com:5432/tasks"));
    await message("external", "Ready", "True", "Ready");
  });

  it("that can't be reached is reported by the migration, which is retried by itself", async () => {
    fates.set("away/migrate", {
      failed: JSON.stringify({ reason: "DatabaseUnreachable", message: "pg.example.com:5432 refuses connections." }),
    });
    await create("away", spec);
    await secret(world(), "away", "pg", { uri: "postgresql://admin:secret@pg.example.com/tasks" });
    expect(await message("away", "DatabaseReady", "False", "Unreachable")).toContain(
      "pg.example.com:5432 refuses connections.",
    );
    fates.delete("away/migrate");
    const found = await waitCondition(world(), { namespace: "away", name: "demo" }, "Ready", "True", "Ready", 170_000);
    expect(condition(found, "DatabaseReady")?.reason).toBe("Available");
  });
});
