import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { CHILD_KINDS } from "../src/kinds/index.ts";
import {
  condition,
  createAssistant,
  eventually,
  patchAssistant,
  secret,
  waitCondition,
} from "./harness/cluster-harness.ts";
import { operatorHarness } from "./harness/operator-harness.ts";
import type { Fate } from "./harness/stub-kubelet.ts";

/** What happens to the pods of `namespace/component`. */
const fates = new Map<string, Fate>();
const harness = operatorHarness(
  "operator-mistakes",
  ({ metadata }) => fates.get(`${metadata.namespace}/${metadata.labels?.["app.kubernetes.io/component"]}`) ?? "ready",
);

const DEMO = { provider: "Demo" };
const OPENAI = { provider: "OpenAICompatible", name: "m", apiKeySecretRef: { name: "llm", key: "apiKey" } };

async function create(namespace: string, spec: object = { model: DEMO }): Promise<void> {
  await harness().namespace(namespace);
  await createAssistant(harness(), namespace, "demo", spec);
}

async function message(namespace: string, type: string, status: string, reason: string): Promise<string> {
  const found = await waitCondition(harness(), { namespace, name: "demo" }, type, status, reason);
  return condition(found, type)?.message ?? "";
}

const exists = async (namespace: string, tier: string) =>
  (await harness().get(CHILD_KINDS.Deployment.resource, namespace, `demo-${tier}`)) !== undefined;

describe.concurrent("a missing Secret", () => {
  it("holds back the tier that needs it and names the command, until the Secret appears with the right key", async () => {
    await create("secret", { model: OPENAI });
    expect(await message("secret", "Accepted", "False", "SecretNotFound")).toBe(
      "Secret llm (key apiKey), named by spec.model.apiKeySecretRef, doesn't exist. Next: kubectl -n secret create secret generic llm --from-literal=apiKey=VALUE.",
    );
    await message("secret", "FrontendAvailable", "True", "Available");
    expect(await exists("secret", "frontend")).toBe(true);
    expect(await exists("secret", "mcp")).toBe(true);
    expect(await exists("secret", "api")).toBe(false);
    expect(await message("secret", "Ready", "False", "SecretNotFound")).toContain("kubectl -n secret create secret");
    await message("secret", "Stalled", "True", "UserActionNeeded");

    await secret(harness(), "secret", "llm", { key: "x" });
    expect(await message("secret", "Accepted", "False", "SecretKeyNotFound")).toContain("Secret llm has no key apiKey");
    await secret(harness(), "secret", "llm", { apiKey: "x" });
    await message("secret", "Ready", "True", "Ready");
  });

  it("leaves running pods alone if it existed before", async () => {
    await create("vanish", { model: DEMO, auth: { initialUser: { secretRef: { name: "first" } } } });
    expect(await message("vanish", "Accepted", "False", "SecretNotFound")).toContain(
      "--from-literal=email=VALUE --from-literal=password=VALUE",
    );
    await secret(harness(), "vanish", "first", { email: "a@b.c", password: "x" });
    await message("vanish", "Ready", "True", "Ready");
    const before = await harness().get(CHILD_KINDS.Deployment.resource, "vanish", "demo-frontend");
    await harness().client.delete(
      CHILD_KINDS.Secret.resource,
      { namespace: "vanish", name: "first" },
      { signal: harness().signal },
    );
    await message("vanish", "Ready", "False", "SecretNotFound");
    await message("vanish", "FrontendAvailable", "True", "Available");
    expect((await harness().get(CHILD_KINDS.Deployment.resource, "vanish", "demo-frontend"))?.spec).toEqual(
      before?.spec,
    );
  });
});

describe.concurrent("after a loss, the operator", () => {
  it("never generates credentials over existing data, and goes on once they are restored", async () => {
    await create("lost");
    await message("lost", "Ready", "True", "Ready");
    const saved = (await harness().get(CHILD_KINDS.Secret.resource, "lost", "demo-database"))!;
    const before = await harness().get(CHILD_KINDS.Deployment.resource, "lost", "demo-api");
    await harness().client.delete(
      CHILD_KINDS.Secret.resource,
      { namespace: "lost", name: "demo-database" },
      { signal: harness().signal },
    );
    const text = await message("lost", "DatabaseReady", "False", "CredentialsMissing");
    expect(text).toContain("Secret demo-database is missing");
    expect(text).toContain("kubectl -n lost apply -f SECRET.yaml");
    await sleep(3000);
    expect(await harness().get(CHILD_KINDS.Secret.resource, "lost", "demo-database")).toBeUndefined();
    expect((await harness().get(CHILD_KINDS.Deployment.resource, "lost", "demo-api"))?.spec).toEqual(before?.spec);

    const { uid: _uid, resourceVersion: _version, ...metadata } = saved.metadata;
    await harness().client.create({ ...saved, metadata }, { signal: harness().signal });
    await message("lost", "Ready", "True", "Ready");
    expect((await harness().get(CHILD_KINDS.Deployment.resource, "lost", "demo-api"))?.spec).toEqual(before?.spec);
  });

  it("generates credentials again that no data depends on", async () => {
    await create("exchange");
    await message("exchange", "Ready", "True", "Ready");
    const before = await harness().get(CHILD_KINDS.Secret.resource, "exchange", "demo-exchange");
    await harness().client.delete(
      CHILD_KINDS.Secret.resource,
      { namespace: "exchange", name: "demo-exchange" },
      { signal: harness().signal },
    );
    const made = await eventually("a new Secret", () =>
      harness().get(CHILD_KINDS.Secret.resource, "exchange", "demo-exchange"),
    );
    expect(made.metadata.uid).not.toBe(before?.metadata.uid);
    await message("exchange", "Ready", "True", "Ready");
  });

  it("does not replace a missing volume with an empty one", async () => {
    await create("volume");
    await message("volume", "Ready", "True", "Ready");
    await harness().client.delete(
      CHILD_KINDS.PersistentVolumeClaim.resource,
      { namespace: "volume", name: "demo-db-data" },
      { signal: harness().signal },
    );
    expect(await message("volume", "DatabaseReady", "False", "DataVolumeMissing")).toContain(
      "kubectl -n volume exec demo-db-0 -- pg_dump",
    );
    // The pod that uses the claim keeps it from disappearing until the pod stops.
    await patchAssistant(harness(), "volume", "demo", { spec: { suspend: true } });
    const claim = () => harness().get(CHILD_KINDS.PersistentVolumeClaim.resource, "volume", "demo-db-data");
    await eventually("the claim is gone", async () => (await claim()) === undefined);
    await eventually("the message explains how to start again", async () => {
      const text = await message("volume", "DatabaseReady", "False", "DataVolumeMissing");
      return text.includes("Or start empty: kubectl -n volume delete ta demo");
    });
    await sleep(3000);
    expect(await claim()).toBeUndefined();
  });
});

describe.concurrent("a release", () => {
  it("that the operator does not know changes nothing, and the message lists the known releases", async () => {
    await create("release");
    await message("release", "Ready", "True", "Ready");
    const before = await harness().get(CHILD_KINDS.Deployment.resource, "release", "demo-api");
    await patchAssistant(harness(), "release", "demo", { spec: { version: "9.9.9", api: { image: "other" } } });
    expect(await message("release", "Accepted", "False", "UnsupportedVersion")).toContain("it knows 0.1.0");
    expect(
      (await harness().get(CHILD_KINDS.Deployment.resource, "release", "demo-api"))?.metadata.resourceVersion,
    ).toBe(before?.metadata.resourceVersion);
    await message("release", "MigrationsApplied", "True", "Applied");
    await patchAssistant(harness(), "release", "demo", { spec: { version: null, api: null } });
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
  ])(
    "in namespace %s make the condition of component %s False",
    async (namespace, component, type, fate, reason, text) => {
      fates.set(`${namespace}/${component}`, fate);
      await create(namespace);
      expect(await message(namespace, type, "False", reason)).toContain(text);
      expect(await message(namespace, "Ready", "False", reason)).toContain(text);
      fates.delete(`${namespace}/${component}`);
      await message(namespace, "Ready", "True", "Ready");
    },
  );
});

describe.concurrent("maintenance that fails", () => {
  it("is a condition with the command to run it again, and takes Ready from nobody", async () => {
    await create("maintain");
    await message("maintain", "Ready", "True", "Ready");
    fates.set("maintain/maintenance", { failed: "the database says no" });
    const run = (name: string) =>
      harness().cluster.kubectl("-n", "maintain", "create", "job", "--from=cronjob/demo-maintenance", name);
    await run("first");
    const text = await message("maintain", "MaintenanceHealthy", "False", "MaintenanceFailed");
    expect(text).toContain("Job first failed: the database says no.");
    expect(text).toContain("Next: kubectl -n maintain logs job/first.");
    await message("maintain", "Ready", "True", "Ready");
    fates.delete("maintain/maintenance");
    const command = / kubectl (-n maintain create job \S+ \S+[^.])\.$/.exec(text)?.[1] ?? "";
    await harness().cluster.kubectl(...command.split(" "));
    await message("maintain", "MaintenanceHealthy", "True", "Succeeded");
  });
});

describe.concurrent("a migration that fails", () => {
  it("holds the tiers back, reports the program's reason, and is repeated with new inputs", async () => {
    fates.set("migrate/migrate", {
      failed: `some log line\n${JSON.stringify({ reason: "PermissionDenied", message: "role app may not create roles." })}\n`,
    });
    await create("migrate");
    const text = await message("migrate", "MigrationsApplied", "False", "PermissionDenied");
    expect(text).toContain("role app may not create roles.");
    expect(await exists("migrate", "api")).toBe(false);
    await message("migrate", "Ready", "False", "PermissionDenied");
    fates.delete("migrate/migrate");
    await patchAssistant(harness(), "migrate", "demo", { spec: { mcp: { image: "registry.example/mcp:2" } } });
    await message("migrate", "Ready", "True", "Ready");
  });

  it("leaves the tiers as they are after an image change", async () => {
    await create("hold");
    await message("hold", "Ready", "True", "Ready");
    fates.set("hold/migrate", { failed: "boom" });
    await patchAssistant(harness(), "hold", "demo", { spec: { mcp: { image: "registry.example/mcp:2" } } });
    expect(await message("hold", "MigrationsApplied", "False", "MigrationFailed")).toContain("boom");
    const mcp = await harness().get(CHILD_KINDS.Deployment.resource, "hold", "demo-mcp");
    expect(mcp?.spec.template.spec.containers[0].image).toBe("ghcr.io/taskassistant/mcp:0.1.0");
    await patchAssistant(harness(), "hold", "demo", { spec: { mcp: null } });
    await message("hold", "Ready", "True", "Ready");
  });
});

describe.concurrent("an external database", () => {
  const spec = {
    model: DEMO,
    database: { mode: "External", external: { secretRef: { name: "pg" }, sslMode: "require" } },
  };

  it("is used once its Secret has a valid address, and followed when the address changes", async () => {
    await create("external", spec);
    expect(await message("external", "Accepted", "False", "SecretNotFound")).toContain("--from-literal=uri=VALUE");
    await secret(harness(), "external", "pg", { uri: "mysql://a@b/c" });
    expect(await message("external", "Accepted", "False", "InvalidDatabaseURI")).toContain("its scheme is mysql");
    await secret(harness(), "external", "pg", {
      uri: "postgresql://admin:secret@pg.example.com:6432/tasks?sslmode=require",
    });
    await message("external", "Ready", "True", "Ready");
    const url = async () => {
      const api = await harness().get(CHILD_KINDS.Deployment.resource, "external", "demo-api");
      return api?.spec.template.spec.containers[0].env.find(({ name }: { name: string }) => name === "DATABASE_URL")
        .value;
    };
    expect(await url()).toBe("postgresql://ta_$(INSTANCE_ID)_app:$(DATABASE_PASSWORD)@pg.example.com:6432/tasks");
    expect(await harness().get(CHILD_KINDS.StatefulSet.resource, "external", "demo-db")).toBeUndefined();
    await secret(harness(), "external", "pg", { uri: "postgresql://admin:secret@other.example.com/tasks" });
    await eventually("the new address", async () => (await url()).includes("@other.example.com:5432/tasks"));
    await message("external", "Ready", "True", "Ready");
  });

  it("that can't be reached is reported by the migration, which the operator retries", async () => {
    fates.set("away/migrate", {
      failed: JSON.stringify({ reason: "DatabaseUnreachable", message: "pg.example.com:5432 refuses connections." }),
    });
    await create("away", spec);
    await secret(harness(), "away", "pg", { uri: "postgresql://admin:secret@pg.example.com/tasks" });
    expect(await message("away", "DatabaseReady", "False", "Unreachable")).toContain(
      "pg.example.com:5432 refuses connections.",
    );
    fates.delete("away/migrate");
    const found = await waitCondition(
      harness(),
      { namespace: "away", name: "demo" },
      "Ready",
      "True",
      "Ready",
      170_000,
    );
    expect(condition(found, "DatabaseReady")?.reason).toBe("Available");
  });
});
