import { expect, it } from "vitest";
import { assistant } from "../../../test/fixtures/assistant-fixture.ts";
import { ApiError, type KubeClient } from "../../kube/index.ts";
import type { Caches } from "./caches.ts";
import { createExternalLookup } from "./external-database.ts";

const external = { mode: "External", external: { secretRef: { name: "pg" } } };
const resource = assistant({ model: { provider: "Demo" }, database: external });
const { signal } = new AbortController();
const caches = (fingerprint: string | (() => string)) =>
  ({
    secret: () => ({ fingerprints: { uri: typeof fingerprint === "string" ? fingerprint : fingerprint() } }),
  }) as unknown as Caches;

function clientThat(get: () => Promise<unknown>): KubeClient {
  return { get } as unknown as KubeClient;
}

const uri = Buffer.from("postgresql://a:b@pg.example.com/tasks").toString("base64");
const readable = async () => ({ data: { uri } });
const ENDPOINT = { endpoint: { host: "pg.example.com", port: 5432, database: "tasks" } };

it.each([
  ["refuses", new ApiError({ status: 403, message: 'User "op" cannot get resource "secrets"' })],
  ["has trouble", new ApiError({ status: 503, message: "the server is shutting down" })],
  ["gives no answer", new Error("no answer")],
])("an address that can't be read because the API server %s is a finding, and is read again", async (_what, error) => {
  const lookup = createExternalLookup(caches("one"));
  const refuse = clientThat(async () => {
    throw error;
  });
  expect(await lookup(resource, refuse, signal)).toEqual({ unreadable: error.message });
  expect(await lookup(resource, clientThat(readable), signal)).toEqual(ENDPOINT);
});

it("an address is read once for each value, and again when it was corrected", async () => {
  let reads = 0;
  let fingerprint = "one";
  const client = clientThat(async () => {
    reads += 1;
    return readable();
  });
  const lookup = createExternalLookup(caches(() => fingerprint));
  await lookup(resource, client, signal);
  expect(await lookup(resource, client, signal)).toEqual(ENDPOINT);
  expect(reads).toBe(1);
  fingerprint = "two";
  const corrected = Buffer.from("postgresql://a:b@new.example.com/tasks").toString("base64");
  const now = await lookup(
    resource,
    clientThat(async () => ({ data: { uri: corrected } })),
    signal,
  );
  expect(now).toEqual({ endpoint: { ...ENDPOINT.endpoint, host: "new.example.com" } });
});

it("a reconcile that is aborted ends while it reads the address", async () => {
  const stop = new AbortController();
  const client = clientThat(async () => {
    stop.abort(new Error("stopping"));
    throw new Error("cancelled");
  });
  await expect(createExternalLookup(caches("one"))(resource, client, stop.signal)).rejects.toThrow("stopping");
});
