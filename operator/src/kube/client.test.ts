import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CONFIG_MAPS, clientOf, configMap, never } from "../../test/fixtures/kube-fixture.ts";
import { isList, type StubApiServer, startStubApiServer, status } from "../../test/harness/api-server-harness.ts";
import type { KubeClient } from "./client.ts";
import { ApiError, isAlreadyExists, isConflict } from "./errors.ts";
import { builtin } from "./resources.ts";
import type { KubeObject, RawObject } from "./types.ts";

let server: StubApiServer;
let client: KubeClient;
let close: () => Promise<void>;
const signal = never();

beforeEach(async () => {
  server = await startStubApiServer();
  ({ client, close } = clientOf(server));
});
afterEach(async () => {
  await close();
  await server.close();
});

describe("raw JSON", () => {
  const definition: RawObject = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "things.example.dev" },
    spec: {
      fromTheFuture: { kept: [1, { deep: true }] },
      schema: { "x-kubernetes-validations": [{ rule: "self > 0" }], "x-kubernetes-int-or-string": true },
    },
  };

  it("keeps unknown fields and every x-kubernetes key in both directions", async () => {
    await client.create(definition, { signal });
    const ref = { name: "things.example.dev" };
    expect(await client.get<RawObject>(builtin.CustomResourceDefinition, ref, { signal })).toMatchObject(definition);
    expect(JSON.parse(server.requests[0]?.body ?? "")).toEqual(definition);
  });

  it("has the same shape from LIST and WATCH, with times as strings and with kind and apiVersion on every item", async () => {
    server.store.put(CONFIG_MAPS, configMap("one", {}, { creationTimestamp: "2026-01-02T03:04:05Z" }));
    const { items } = await client.list<KubeObject>(builtin.ConfigMap, { signal });
    const stop = new AbortController();
    const request = { resourceVersion: "100", timeoutSeconds: 60, signal: stop.signal };
    const { value } = await client.watch<KubeObject>(builtin.ConfigMap, request).next();
    stop.abort();
    expect(items[0]).toEqual(value.object);
    expect(items[0]?.metadata.creationTimestamp).toBe("2026-01-02T03:04:05Z");
  });
});

describe("list", () => {
  beforeEach(() => {
    for (let count = 0; count < 7; count += 1) {
      server.store.put(CONFIG_MAPS, configMap(`map-${count}`, {}, { labels: { odd: String(count % 2) } }));
    }
  });

  it("requests every page with the same selector", async () => {
    server.setPageLimit(2);
    const { items } = await client.list(builtin.ConfigMap, { namespace: "shop", labelSelector: "odd=0", signal });
    expect(items.map(({ metadata }) => metadata.name)).toEqual(["map-0", "map-2", "map-4", "map-6"]);
    expect(server.requests).toHaveLength(2);
    expect(
      server.requests.every(({ query }) => query.get("labelSelector") === "odd=0" && query.get("limit") === "500"),
    ).toBe(true);
  });

  it("starts again when the continue token has expired", async () => {
    server.setPageLimit(3);
    server.fault(({ query }) => query.has("continue"), {
      kind: "status",
      status: 410,
      body: status(410, "Expired", "old"),
    });
    expect((await client.list(builtin.ConfigMap, { signal })).items).toHaveLength(7);
    expect(server.requests.map(({ query }) => (query.has("continue") ? "next page" : "first page"))).toEqual([
      "first page",
      "next page",
      "first page",
      "next page",
      "next page",
    ]);
  });

  it("rejects a truncated answer instead of returning a shorter list", async () => {
    server.fault(isList, { kind: "truncate" });
    await expect(client.list(builtin.ConfigMap, { signal })).rejects.toThrow("not complete JSON");
  });
});

describe("get", () => {
  it("returns undefined for an object that does not exist", async () => {
    expect(await client.get(builtin.ConfigMap, { namespace: "shop", name: "none" }, { signal })).toBeUndefined();
  });

  it("throws when the kind itself is not served", async () => {
    server.fault(() => true, { kind: "status", status: 404, body: "404 page not found" });
    await expect(client.get(builtin.ConfigMap, { namespace: "shop", name: "one" }, { signal })).rejects.toBeInstanceOf(
      ApiError,
    );
  });
});

describe("server-side apply", () => {
  const conflict = status(409, "Conflict", "Apply failed with 2 conflicts", {
    causes: [
      { reason: "FieldManagerConflict", message: 'conflict with "kubectl-\\"edit\\"" using v1', field: ".data.a" },
      {
        reason: "FieldManagerConflict",
        message: 'conflict with "helm" with subresource "scale" using apps/v1',
        field: ".data.b",
      },
    ],
  });
  const applies = () => server.requests.filter(({ method }) => method === "PATCH");

  it("sends the field manager and strict validation, but no force", async () => {
    const { object, taken } = await client.apply(configMap("one", { a: "1" }), { signal });
    expect(object.metadata.resourceVersion).toBeDefined();
    expect(taken).toEqual([]);
    expect(applies()).toHaveLength(1);
    expect(applies()[0]?.headers["content-type"]).toBe("application/apply-patch+yaml");
    expect(Object.fromEntries(applies()[0]?.query ?? [])).toEqual({
      fieldManager: "test-operator",
      fieldValidation: "Strict",
    });
  });

  it("reports which manager held which field, and forces once", async () => {
    server.fault(({ method }) => method === "PATCH", { kind: "status", status: 409, body: conflict });
    const { taken } = await client.apply(configMap("one"), { signal });
    expect(taken).toEqual([
      { manager: 'kubectl-"edit"', field: ".data.a" },
      { manager: "helm", field: ".data.b" },
    ]);
    expect(applies().map(({ query }) => query.get("force"))).toEqual([null, "true"]);
  });

  it("leaves the fields alone when it must not force", async () => {
    server.fault(({ method }) => method === "PATCH", { kind: "status", status: 409, body: conflict });
    await expect(client.apply(configMap("one"), { signal, force: "never" })).rejects.toSatisfy(isConflict);
    expect(applies()).toHaveLength(1);
  });

  it("does not force after a conflict that is not about fields", async () => {
    const modified = status(409, "Conflict", "the object has been modified");
    server.fault(({ method }) => method === "PATCH", { kind: "status", status: 409, body: modified });
    await expect(client.apply(configMap("one"), { signal })).rejects.toSatisfy(isConflict);
    expect(applies()).toHaveLength(1);
  });

  it("is repeated after a broken connection, because it leads to the same object", async () => {
    server.fault(({ method }) => method === "PATCH", { kind: "reset-after" });
    await client.apply(configMap("one", { a: "1" }), { signal });
    expect(applies()).toHaveLength(2);
    expect(server.store.list(CONFIG_MAPS)).toHaveLength(1);
  });

  it("of a status is sent to the subresource", async () => {
    await client.applyStatus(configMap("one"), { signal });
    expect(applies()[0]?.path).toBe("/api/v1/namespaces/shop/configmaps/one/status");
  });
});

describe("other writes", () => {
  it("reject the creation of an object that exists", async () => {
    await client.create(configMap("one"), { signal });
    await expect(client.create(configMap("one"), { signal })).rejects.toSatisfy(isAlreadyExists);
  });

  it("reject the replacement of an object that has changed since", async () => {
    const first = await client.create(configMap("one"), { signal });
    await client.replace({ ...first, data: { a: "1" } }, { signal });
    await expect(client.replace({ ...first, data: { a: "2" } }, { signal })).rejects.toSatisfy(isConflict);
  });

  it("reject the deletion of another object than the expected one, and report whether there was one to delete", async () => {
    const ref = { namespace: "shop", name: "one" };
    await client.create(configMap("one"), { signal });
    const options = { signal, preconditions: { uid: "another-object" }, propagationPolicy: "Background" } as const;
    await expect(client.delete(builtin.ConfigMap, ref, options)).rejects.toSatisfy(isConflict);
    expect(JSON.parse(server.requests.at(-1)?.body ?? "")).toMatchObject({ propagationPolicy: "Background" });
    expect(await client.delete(builtin.ConfigMap, ref, { signal })).toBe(true);
    expect(await client.delete(builtin.ConfigMap, ref, { signal })).toBe(false);
  });

  it("change only the fields that a merge patch names", async () => {
    await client.create(configMap("one", { a: "1", b: "2" }), { signal });
    const ref = { namespace: "shop", name: "one" };
    const patched = await client.mergePatch<RawObject>(
      builtin.ConfigMap,
      ref,
      { data: { b: null, c: "3" } },
      { signal },
    );
    expect(patched.data).toEqual({ a: "1", c: "3" });
  });
});

describe("errors", () => {
  it.each([
    'secrets "s" is forbidden: exceeded quota: small, requested: secrets=1, used: secrets=0, limited: secrets=0',
    'secrets is forbidden: User "system:serviceaccount:ops:ta" cannot create resource "secrets" in API group ""',
  ])("about a Secret keep words that quote no value: %s", async (words) => {
    server.fault(() => true, { kind: "status", status: 403, body: status(403, "Forbidden", words) });
    const secret = { apiVersion: "v1", kind: "Secret", metadata: { namespace: "shop", name: "s" } };
    await expect(client.create(secret, { signal })).rejects.toThrow(words);
  });

  it("contain no value of a Secret", async () => {
    const body = status(422, "Invalid", 'Secret "s" is invalid: data[k]: Invalid value: "hunter2"', {
      causes: [{ reason: "FieldValueInvalid", message: 'Invalid value: "hunter2"', field: "data[k]" }],
    });
    server.fault(() => true, { kind: "status", status: 422, body });
    const secret = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { namespace: "shop", name: "s" },
      stringData: { k: "hunter2" },
    };
    const error: ApiError = await client.create(secret, { signal }).then(
      () => expect.unreachable(),
      (reason) => reason,
    );
    expect(error.message).toBe("POST /api/v1/namespaces/shop/secrets: Invalid (data[k])");
    expect(JSON.stringify([error.message, error.causes])).not.toContain("hunter2");
  });

  it("contain neither a body that is not a Status nor the credentials", async () => {
    server.fault(() => true, { kind: "status", status: 502, body: "<html>Bearer test secret page</html>" });
    const error = await client.list(builtin.ConfigMap, { signal }).catch((reason) => reason);
    expect(error).toMatchObject({ status: 502, message: "GET /api/v1/configmaps: HTTP 502" });
  });

  it("are cut to a length that fits into a log line", async () => {
    server.fault(() => true, { kind: "status", status: 500, body: status(500, "InternalError", "x".repeat(100_000)) });
    const error = await client.list(builtin.ConfigMap, { signal }).catch((reason) => reason);
    expect(error.message.length).toBeLessThan(1100);
  });
});
