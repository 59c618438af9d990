import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { never, until } from "../../test/fixtures/kube-fixture.ts";
import { isList, type StubApiServer, startStubApiServer } from "../../test/harness/api-server-harness.ts";
import type { Credentials, KubeConfigSource } from "./config.ts";
import { createTransport, type RequestObservation, type Transport, type TransportDeps } from "./transport.ts";

let server: StubApiServer;
const transports: Transport[] = [];

beforeEach(async () => {
  server = await startStubApiServer();
});
afterEach(async () => {
  for (const transport of transports.splice(0)) await transport.close();
  await server.close();
});

/** Credentials that a test can replace. It counts how often they were invalidated. */
function changingConfig(): KubeConfigSource & { current: Credentials; invalidated: number } {
  return {
    namespace: undefined,
    current: { server: server.url, tls: {}, headers: { authorization: "Bearer first" } },
    invalidated: 0,
    async credentials() {
      return this.current;
    },
    invalidate() {
      this.invalidated += 1;
      this.current = { ...this.current, headers: { authorization: "Bearer second" } };
    },
  };
}

function open(deps: Partial<TransportDeps> = {}): Transport {
  const transport = createTransport({
    config: changingConfig(),
    userAgent: "test",
    sleep: async () => undefined,
    ...deps,
  });
  transports.push(transport);
  return transport;
}

const pods = () => ({ method: "GET", path: "/api/v1/pods", signal: never() }) as const;

describe("one shared connection pool", () => {
  it("sends 200 requests one after the other over one connection", async () => {
    const transport = open();
    for (let count = 0; count < 200; count += 1) expect((await transport.request(pods())).status).toBe(200);
    expect(server.connections()).toBe(1);
  });

  it("is replaced when the CA changes, but not when only the token changes", async () => {
    const config = changingConfig();
    const transport = open({ config });
    await transport.request(pods());
    config.current = { ...config.current, headers: { authorization: "Bearer rotated" } };
    await transport.request(pods());
    expect(server.connections()).toBe(1);
    config.current = { ...config.current, tls: { ca: "another" } };
    await transport.request(pods());
    expect(server.connections()).toBe(2);
    await until(() => server.openConnections() === 1);
  });

  it("keeps the path of the server's address, which a proxy for several clusters needs", async () => {
    const config = changingConfig();
    config.current = { ...config.current, server: `${server.url}/k8s/clusters/one/` };
    await open({ config }).request(pods());
    expect(server.requests.at(-1)?.path).toBe("/k8s/clusters/one/api/v1/pods");
  });
});

describe("credentials", () => {
  it("are read again after a 401, and the request is repeated once", async () => {
    const config = changingConfig();
    server.fault(isList, { kind: "status", status: 401 });
    expect((await open({ config }).request(pods())).status).toBe(200);
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(["Bearer first", "Bearer second"]);
    expect(config.invalidated).toBe(1);
  });

  it("that are refused twice are reported instead of read again", async () => {
    server.fault(isList, { kind: "status", status: 401 }, 5);
    expect((await open().request(pods())).status).toBe(401);
    expect(server.requests).toHaveLength(2);
  });
});

describe("a server that asks to wait", () => {
  it("gets the request again after its Retry-After", async () => {
    const waits: number[] = [];
    server.fault(isList, { kind: "status", status: 429, retryAfter: 7 }, 2);
    const sleep = async (ms: number) => void waits.push(ms);
    expect((await open({ sleep }).request(pods())).status).toBe(200);
    expect(waits).toEqual([7000, 7000]);
  });

  it("gets no more repetitions than the maximum", async () => {
    server.fault(isList, { kind: "status", status: 429, retryAfter: 1 }, 100);
    expect(await open({ maxRetries: 3 }).request(pods())).toMatchObject({ status: 429, retryAfterMs: 1000 });
    expect(server.requests).toHaveLength(4);
  });

  it("gets no repetition after a 500 without Retry-After, because the caller decides", async () => {
    server.fault(isList, { kind: "status", status: 500 });
    expect((await open().request(pods())).status).toBe(500);
    expect(server.requests).toHaveLength(1);
  });

  it("does not hold a caller that has aborted", async () => {
    const stop = new AbortController();
    server.fault(isList, { kind: "status", status: 429, retryAfter: 30 });
    const request = createTransport({ config: changingConfig(), userAgent: "test" }).request({
      ...pods(),
      signal: stop.signal,
    });
    await until(() => server.requests.length === 1);
    stop.abort(new Error("given up"));
    await expect(request).rejects.toThrow("given up");
  });
});

describe("a broken connection", () => {
  it("makes the transport repeat a GET once", async () => {
    server.fault(isList, { kind: "reset" });
    expect((await open().request(pods())).status).toBe(200);
    expect(server.requests).toHaveLength(2);
  });

  it("makes a POST fail, because the server may have carried it out", async () => {
    const post = {
      method: "POST",
      path: "/api/v1/namespaces/shop/configmaps",
      body: JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { namespace: "shop", name: "one" } }),
      signal: never(),
    } as const;
    server.fault(({ method }) => method === "POST", { kind: "reset-after" });
    await expect(open().request(post)).rejects.toThrow();
    expect(server.requests).toHaveLength(1);
  });
});

describe("deadlines", () => {
  it("end a request that gets no answer", async () => {
    const held = Promise.withResolvers<void>();
    server.fault(isList, { kind: "hold", release: held.promise });
    await expect(open({ timeoutMs: 50 }).request(pods())).rejects.toMatchObject({ name: "TimeoutError" });
    held.resolve();
  });

  it("leave no listener on a signal that lives as long as the process", async () => {
    const stop = new AbortController();
    let listeners = 0;
    const add = stop.signal.addEventListener.bind(stop.signal);
    const remove = stop.signal.removeEventListener.bind(stop.signal);
    stop.signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners += 1;
      add(...args);
    };
    stop.signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners -= 1;
      remove(...args);
    };
    const transport = open();
    for (let count = 0; count < 20; count += 1) await transport.request({ ...pods(), signal: stop.signal });
    expect(listeners).toBe(0);
  });
});

it("the transport reports every answer and every failure to the metrics hook", async () => {
  const seen: RequestObservation[] = [];
  const transport = open({ onRequest: (observation) => void seen.push(observation) });
  await transport.request(pods());
  server.fault(isList, { kind: "reset" });
  await transport.request(pods());
  const host = new URL(server.url).host;
  expect(seen.map(({ method, code, host: at }) => [method, code, at])).toEqual([
    ["GET", "200", host],
    ["GET", "<error>", host],
    ["GET", "200", host],
  ]);
});
