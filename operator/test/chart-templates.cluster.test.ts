import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { envSchema as operatorEnv } from "../src/env.ts";
import { CATALOGUE } from "../src/releases/index.ts";
import { definitionOf } from "./fixtures/assistant-fixture.ts";
import { CHART, helm, of, render } from "./harness/chart-harness.ts";
import { type AnyObject, root } from "./harness/cluster-harness.ts";

const run = promisify(execFile);

/** The objects of the release `taskassistant` in namespace `ops`. */
const template = (...args: string[]) => render({ name: "taskassistant", namespace: "ops" }, ...args);

const podsOf = (objects: readonly AnyObject[]) =>
  objects.flatMap(({ kind, metadata, spec }) =>
    spec?.template?.spec === undefined ? [] : [{ name: `${kind} ${metadata.name}`, ...spec.template }],
  );

const BUNDLED = CATALOGUE.releases[CATALOGUE.bundled]!;
const NEXT_SCHEMA = { ...BUNDLED.schema, max: BUNDLED.schema.max + 1 };
const MORE_RELEASES = { bundled: "0.2.0", releases: { "0.2.0": { ...BUNDLED, schema: NEXT_SCHEMA } } };

describe("the chart", () => {
  it("passes helm lint, and refuses invalid values", async () => {
    expect(await helm("lint", "--strict", CHART)).toContain("0 chart(s) failed");
    await expect(template("--set", "watchNamespaces={*,a}")).rejects.toThrow("watchNamespaces");
    await expect(template("--set", "probe=Enabled")).rejects.toThrow("probe");
  });

  it("contains the definitions unchanged, keeps them when the release is uninstalled, and leaves them out if asked", async () => {
    const definitions = of(await template(), "CustomResourceDefinition");
    expect(definitions).toHaveLength(3);
    for (const { spec, metadata } of definitions) {
      expect(spec).toEqual(definitionOf(spec.names.plural).spec);
      expect(metadata.annotations).toEqual({ "helm.sh/resource-policy": "keep" });
    }
    expect(of(await template("--set", "crds.install=false"), "CustomResourceDefinition")).toEqual([]);
  });

  it("creates a Role in each watched namespace, and no cluster-wide binding unless it watches all of them", async () => {
    const objects = await template("--set", "watchNamespaces={a,b}");
    expect(of(objects, "Role").map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)).toEqual([
      "a/taskassistant:ops:taskassistant",
      "b/taskassistant:ops:taskassistant",
      "ops/taskassistant-self",
    ]);
    expect(of(objects, "ClusterRoleBinding")).toEqual([]);
    const cluster = of(objects, "ClusterRole");
    expect(
      cluster.every(({ metadata }) =>
        Object.keys(metadata.labels ?? {}).some((label) => label.includes("aggregate-to")),
      ),
    ).toBe(true);
    expect(of(await template("--set", "watchNamespaces={*}"), "ClusterRoleBinding")).toHaveLength(1);
    expect(of(await template("--set", "rbac.aggregatedRoles=false"), "ClusterRole")).toEqual([]);
  });

  it("lets only the roles edit and admin change TaskAssistants, and view read them", async () => {
    const grants = of(await template(), "ClusterRole").map(({ metadata, rules }) => ({
      roles: Object.keys(metadata.labels ?? {}).flatMap((label) => /aggregate-to-(\w+)$/.exec(label)?.[1] ?? []),
      verbs: (rules as { verbs: string[] }[]).flatMap((rule) => rule.verbs),
    }));
    const rolesThat = (may: (verb: string) => boolean) =>
      new Set(grants.filter(({ verbs }) => verbs.some(may)).flatMap(({ roles }) => roles));
    expect(rolesThat((verb) => verb === "get")).toEqual(new Set(["edit", "admin", "view"]));
    expect(rolesThat((verb) => !["get", "list", "watch"].includes(verb))).toEqual(new Set(["edit", "admin"]));
  });

  it("grants no wildcard, no escalation and no access to the inside of pods", async () => {
    const objects = [...(await template()), ...(await template("--set", "watchNamespaces={*}"))];
    const rules = objects.flatMap(
      (object) => (object.rules as { apiGroups: string[]; resources: string[]; verbs: string[] }[] | undefined) ?? [],
    );
    expect(rules.length).toBeGreaterThan(10);
    const words = rules.flatMap(({ apiGroups, resources, verbs }) => [...apiGroups, ...resources, ...verbs]);
    for (const bad of [
      "*",
      "escalate",
      "bind",
      "impersonate",
      "pods/exec",
      "pods/attach",
      "pods/portforward",
      "nodes",
      "roles",
      "clusterroles",
      "serviceaccounts/token",
    ]) {
      expect(words).not.toContain(bad);
    }
  });

  it("passes images and namespaces on to the operator", async () => {
    const objects = await template(
      "--set",
      "release.images.api=r.example/api:2",
      "--set",
      "watchNamespaces={a,b}",
      "--set-json",
      `release.catalogue=${JSON.stringify(MORE_RELEASES)}`,
      "--set",
      `image.digest=sha256:${"a".repeat(64)}`,
    );
    const container = of(objects, "Deployment")[0]?.spec.template.spec.containers[0];
    const env = Object.fromEntries(
      container.env.map(({ name, value }: { name: string; value: string }) => [name, value]),
    );
    expect(env).toMatchObject({ RELEASE_IMAGES: '{"api":"r.example/api:2"}', WATCH_NAMESPACES: "a,b" });
    const started = await run(process.execPath, ["--version"], { env: { NODE_OPTIONS: env.NODE_OPTIONS } });
    expect(started.stdout).toBe(`${process.version}\n`);
    expect(container.image).toBe(`ghcr.io/taskassistant/operator@sha256:${"a".repeat(64)}`);
    const parsed = operatorEnv.parse({ ...env, POD_NAMESPACE: "a" });
    expect(parsed.WATCH_NAMESPACES).toEqual(["a", "b"]);
    expect(parsed.RELEASE_IMAGES).toEqual({ api: "r.example/api:2" });
    expect(parsed.RELEASE_CATALOGUE).toEqual(MORE_RELEASES);
  });
});

describe("every pod of the chart", () => {
  it("has requests and limits for CPU and memory, which the values can change", async () => {
    const sizes = (pods: ReturnType<typeof podsOf>) =>
      pods.flatMap(({ spec }) => spec.containers.map(({ resources }: AnyObject) => resources));
    const pods = podsOf(await template());
    expect(pods.map(({ name }) => name)).toEqual(["Deployment taskassistant", "Job taskassistant-uninstall-check"]);
    for (const { requests, limits } of sizes(pods)) {
      expect(requests).toEqual({ cpu: expect.anything(), memory: expect.anything() });
      expect(limits).toEqual({ cpu: expect.anything(), memory: expect.anything() });
    }
    const changed = ["--set", "resources.limits.cpu=3", "--set", "hooks.resources.limits.cpu=3"];
    expect(sizes(podsOf(await template(...changed))).map(({ limits }) => limits.cpu)).toEqual([3, 3]);
  });

  it.each([
    ["fixed ids by default", [], 65532],
    ["no id where OpenShift's API is served", ["--api-versions", "security.openshift.io/v1"], undefined],
    ["no id when the platform is said to assign them", ["--set", "podSecurity.userIds=Assigned"], undefined],
    [
      "fixed ids on OpenShift when the values say so",
      ["--api-versions", "security.openshift.io/v1", "--set", "podSecurity.userIds=Fixed"],
      65532,
    ],
  ])("has %s, and so have the assistants", async (_what, args, id) => {
    const objects = await template(...args);
    const contexts = podsOf(objects).map(({ spec }) => spec.securityContext);
    expect(contexts).toHaveLength(2);
    for (const { runAsUser, runAsGroup, fsGroup, runAsNonRoot } of contexts) {
      expect([runAsUser, runAsGroup, fsGroup, runAsNonRoot]).toEqual([id, id, undefined, true]);
    }
    const [operator] = of(objects, "Deployment");
    const env = operator?.spec.template.spec.containers[0].env as { name: string; value: string }[];
    expect(env.find(({ name }) => name === "USER_IDS")?.value).toBe(id === undefined ? "Assigned" : "Fixed");
  });

  it("of a Job is kept free of sidecars, with which the Job would never end", async () => {
    const [job] = of(await template(), "Job");
    const { labels, annotations } = job?.spec.template.metadata ?? {};
    expect(labels).toMatchObject({ "sidecar.istio.io/inject": "false" });
    expect(annotations).toMatchObject({ "sidecar.istio.io/inject": "false", "linkerd.io/inject": "disabled" });
  });
});

describe("two releases", () => {
  const watched = ["--set", "watchNamespaces={shared}"];
  it.each([
    ["of the same name in two namespaces", { name: "ta", namespace: "a" }, { name: "ta", namespace: "b" }, watched],
    ["with two names in one namespace", { name: "ta", namespace: "a" }, { name: "tb", namespace: "a" }, watched],
    [
      "whose namespace and name only read alike",
      { name: "c", namespace: "a-b" },
      { name: "b-c", namespace: "a" },
      watched,
    ],
    [
      "that watch everything",
      { name: "ta", namespace: "a" },
      { name: "ta", namespace: "b" },
      ["--set", "watchNamespaces={*}"],
    ],
  ])("%s share no object but the definitions", async (_what, first, second, args) => {
    const ids = async (release: typeof first) =>
      (await render(release, ...args)).map(
        ({ kind, metadata }) => `${kind} ${metadata.namespace ?? ""}/${metadata.name}`,
      );
    const others = new Set(await ids(second));
    const shared = (await ids(first)).filter((id) => others.has(id));
    expect(shared).toEqual([
      "CustomResourceDefinition /taskassistantbackups.taskassistant.dev",
      "CustomResourceDefinition /taskassistantrestores.taskassistant.dev",
      "CustomResourceDefinition /taskassistants.taskassistant.dev",
    ]);
  });
});

it("the uninstall check ends soon where it can't run, and helm prints what it says", async () => {
  const [job] = of(await template(), "Job");
  expect(job?.spec.activeDeadlineSeconds).toBeLessThanOrEqual(60);
  expect(job?.metadata.annotations).toMatchObject({
    "helm.sh/hook": "pre-delete",
    "helm.sh/hook-output-log-policy": "hook-failed",
  });
});

it("the chart can be a dependency that its parent switches on and off, with global values", async () => {
  expect(await template("--set", "enabled=true", "--set", "global.a=1")).not.toEqual([]);
});

it("the chart takes the values of the how-to pages", async () => {
  const folder = mkdtempSync(join(tmpdir(), "ta-values-"));
  try {
    const found = readdirSync(join(root, "docs/how-to")).flatMap((page) =>
      [...readFileSync(join(root, "docs/how-to", page), "utf8").matchAll(/^```yaml\n(.*?)^```/gms)]
        .flatMap(([, text = ""]) => parseAllDocuments(text).map((document) => document.toJS()))
        .flatMap(({ kind, spec, ...values }) =>
          kind === undefined ? [values] : [spec?.source?.helm?.valuesObject, spec?.values].filter(Boolean),
        ),
    );
    expect(found.length).toBeGreaterThan(3);
    for (const values of found) {
      writeFileSync(join(folder, "values.json"), JSON.stringify(values));
      expect(of(await template("--values", join(folder, "values.json")), "Deployment")).toHaveLength(1);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
