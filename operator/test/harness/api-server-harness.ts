import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { KubeObject } from "../../src/kube/index.ts";
import {
  createStubStore,
  type Json,
  merge,
  type StoredObject,
  type StoreEvent,
} from "../fixtures/api-server-store-fixture.ts";

/** A request as it arrived. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** What goes wrong with a request. */
export type Fault =
  | { readonly kind: "status"; readonly status: number; readonly body?: unknown; readonly retryAfter?: number }
  /** The connection breaks before the server acts. */
  | { readonly kind: "reset" }
  /** The server acts, but the answer never arrives. */
  | { readonly kind: "reset-after" }
  /** The answer ends in the middle, as if it were complete. */
  | { readonly kind: "truncate" }
  /** Nothing happens until `release` resolves. */
  | { readonly kind: "hold"; readonly release: Promise<void> };

/** A watch stream that the test controls. */
export interface OpenWatch {
  readonly query: URLSearchParams;
  readonly path: string;
  readonly open: boolean;
  send(event: unknown): void;
  write(text: string): void;
  bookmark(): void;
  /** Ends the stream in order. */
  end(): void;
  reset(): void;
  /** Events no longer arrive, but the connection stays open. */
  mute(): void;
}

const PATH =
  /^(?<root>\/apis?(?:\/[^/]+){1,2}?)(?:\/namespaces\/(?<namespace>[^/]+))?\/(?<plural>[a-z]+)(?:\/(?<name>[^/]+))?(?:\/(?<sub>status))?$/;

const GROUP = /^\/(?:api|apis\/[^/]+)\/v\d[a-z0-9]*$/;

/** A local API server with the parts of the protocol that the operator uses, and with faults that a test asks for. */
export async function startStubApiServer() {
  const requests: SeenRequest[] = [];
  const faults: { readonly matches: (request: SeenRequest) => boolean; readonly fault: Fault }[] = [];
  const watches: (OpenWatch & { wants(event: StoreEvent): boolean })[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  let pageLimit = Number.POSITIVE_INFINITY;
  /** Collections that are not served, such as `/apis/example.dev/v1/widgets`. */
  const absent = new Set<string>();
  const known = new Set<string>();
  const store = createStubStore((event) => {
    for (const watch of watches) if (watch.wants(event)) watch.send({ type: event.type, object: event.object });
  });

  const server = createServer(
    (request, response) => void serve(request, response).catch(() => request.socket.destroy()),
  );
  server.keepAliveTimeout = 0;
  server.on("connection", (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? "/", "http://stub");
    let body = "";
    for await (const chunk of incoming) body += chunk;
    const seen = {
      method: incoming.method ?? "",
      path: url.pathname,
      query: url.searchParams,
      headers: incoming.headers,
      body,
    };
    requests.push(seen);
    const at = faults.findIndex(({ matches }) => matches(seen));
    const fault = at === -1 ? undefined : faults.splice(at, 1)[0]?.fault;
    if (fault?.kind === "reset") return void incoming.socket.destroy();
    if (fault?.kind === "hold") await fault.release;
    if (fault?.kind === "status") {
      const headers = fault.retryAfter === undefined ? {} : { "retry-after": String(fault.retryAfter) };
      return answer(response, fault.status, fault.body ?? status(fault.status, "InternalError", "asked for"), headers);
    }
    if (GROUP.test(url.pathname)) return answer(response, 200, resourcesOf(url.pathname));
    const parts = PATH.exec(url.pathname)?.groups;
    const collection = `${parts?.root}/${parts?.plural}`;
    if (parts === undefined || absent.has(collection)) return answer(response, 404, "404 page not found");
    if (seen.query.get("watch") === "true") return openWatch(seen, collection, parts.namespace, response);
    const [code, result] = act(seen, collection, parts);
    if (fault?.kind === "reset-after") return void incoming.socket.destroy();
    if (fault?.kind !== "truncate") return answer(response, code, result);
    const text = JSON.stringify(result);
    response.writeHead(code, { "content-type": "application/json" });
    response.end(text.slice(0, text.length / 2));
  }

  /** Discovery: the collections of a group that `setServed` named and that are served now. */
  function resourcesOf(group: string) {
    const served = [...known].filter((collection) => collection.startsWith(`${group}/`) && !absent.has(collection));
    return { kind: "APIResourceList", resources: served.map((name) => ({ name: name.slice(group.length + 1) })) };
  }

  function act(seen: SeenRequest, collection: string, parts: Record<string, string | undefined>): [number, unknown] {
    const { namespace = "", name } = parts;
    if (name === undefined)
      return seen.method === "POST" ? create(seen, collection) : list(seen, collection, parts.namespace);
    const old = store.get(collection, namespace, name);
    if (seen.method === "PATCH" && seen.headers["content-type"] === "application/apply-patch+yaml") {
      return [old === undefined ? 201 : 200, store.put(collection, merge(old, JSON.parse(seen.body)) as KubeObject)];
    }
    if (old === undefined) return [404, status(404, "NotFound", `"${name}" not found`)];
    if (seen.method === "GET") return [200, old];
    const sent = seen.body === "" ? {} : (JSON.parse(seen.body) as Json);
    const wanted = seen.method === "DELETE" ? (sent.preconditions as Json) : (sent.metadata as Json);
    if (violates(old, wanted ?? {})) return [409, status(409, "Conflict", "the object has been modified")];
    if (seen.method === "DELETE") {
      store.remove(collection, namespace, name);
      return [200, { kind: "Status", status: "Success", details: { uid: old.metadata.uid } }];
    }
    return [200, store.put(collection, (seen.method === "PUT" ? sent : merge(old, sent)) as unknown as KubeObject)];
  }

  function create(seen: SeenRequest, collection: string): [number, unknown] {
    const object = JSON.parse(seen.body) as KubeObject;
    const { namespace = "", name } = object.metadata;
    if (store.get(collection, namespace, name) !== undefined)
      return [409, status(409, "AlreadyExists", `"${name}" exists`)];
    return [201, store.put(collection, object)];
  }

  function list(seen: SeenRequest, collection: string, namespace: string | undefined): [number, unknown] {
    const [at = "0", offset = "0"] = (seen.query.get("continue") ?? "").split(":");
    if (offset !== "0" && store.isCompacted(Number(at))) return [410, status(410, "Expired", "continue token expired")];
    const all = store.list(collection, namespace).filter((object) => selected(object, seen.query));
    const limit = Math.min(Number(seen.query.get("limit") ?? Number.POSITIVE_INFINITY), pageLimit);
    const end = Number(offset) + limit;
    const items = all.slice(Number(offset), end).map(({ kind: _kind, apiVersion: _version, ...rest }) => rest);
    const next = end < all.length ? { continue: `${store.revision}:${end}` } : {};
    return [200, { kind: "List", metadata: { resourceVersion: String(store.revision), ...next }, items }];
  }

  function openWatch(
    seen: SeenRequest,
    collection: string,
    namespace: string | undefined,
    response: ServerResponse,
  ): void {
    const from = Number(seen.query.get("resourceVersion") ?? 0);
    response.writeHead(200, { "content-type": "application/json" });
    response.flushHeaders();
    let muted = false;
    const write = (text: string) => void (muted || response.write(text));
    const send = (event: unknown) => write(`${JSON.stringify(event)}\n`);
    if (from > 0 && store.isCompacted(from)) {
      send({ type: "ERROR", object: status(410, "Expired", "too old resource version") });
      response.end();
      return;
    }
    const wants = (event: StoreEvent) =>
      event.collection === collection &&
      (namespace === undefined || event.object.metadata.namespace === namespace) &&
      selected(event.object, seen.query);
    const missed =
      from === 0
        ? store.list(collection, namespace).map((object) => ({ type: "ADDED", object }))
        : store.since(from).filter(wants);
    for (const { type, object } of missed) send({ type, object });
    watches.push({
      query: seen.query,
      path: seen.path,
      get open() {
        return !response.closed && !response.writableEnded;
      },
      wants: (event) => !response.closed && !response.writableEnded && wants(event),
      send,
      write,
      bookmark: () => send({ type: "BOOKMARK", object: { metadata: { resourceVersion: String(store.revision) } } }),
      end: () => void response.end(),
      reset: () => void response.socket?.resetAndDestroy(),
      mute() {
        muted = true;
      },
    });
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    store,
    requests,
    /** All streams ever opened, oldest first. */
    watches: watches as readonly OpenWatch[],
    connections: () => connections,
    openConnections: () => sockets.size,
    /** The next `times` requests that match meet this fault. */
    fault(matches: (request: SeenRequest) => boolean, fault: Fault, times = 1) {
      for (let count = 0; count < times; count += 1) faults.push({ matches, fault });
    },
    clearFaults: () => void faults.splice(0),
    /** Installs a kind, or removes it with its objects and its streams, as the API server does. */
    setServed(collection: string, served: boolean) {
      known.add(collection);
      if (served) return void absent.delete(collection);
      absent.add(collection);
      for (const { metadata } of store.list(collection))
        store.remove(collection, metadata.namespace ?? "", metadata.name);
      for (const watch of watches) if (watch.open && collectionOf(watch.path) === collection) watch.end();
    },
    setPageLimit(limit: number) {
      pageLimit = limit;
    },
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function collectionOf(path: string): string {
  const parts = PATH.exec(path)?.groups;
  return `${parts?.root}/${parts?.plural}`;
}

export type StubApiServer = Awaited<ReturnType<typeof startStubApiServer>>;

/** Whether a request is a LIST, a WATCH or anything else. */
export const isList = ({ method, query, path }: SeenRequest) =>
  method === "GET" && query.get("watch") !== "true" && PATH.exec(path)?.groups?.name === undefined;
export const isWatch = ({ query }: SeenRequest) => query.get("watch") === "true";

/** A `v1.Status`. */
export function status(code: number, reason: string, message: string, details: Json = {}): Json {
  return { kind: "Status", apiVersion: "v1", status: "Failure", code, reason, message, details };
}

function answer(response: ServerResponse, code: number, body: unknown, headers: Record<string, string> = {}): void {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  response.writeHead(code, { "content-type": "application/json", ...headers });
  response.end(text);
}

function violates(old: StoredObject, wanted: Json): boolean {
  const { uid, resourceVersion } = wanted;
  return (
    (uid !== undefined && uid !== old.metadata.uid) ||
    (resourceVersion !== undefined && resourceVersion !== old.metadata.resourceVersion)
  );
}

function selected({ metadata }: KubeObject, query: URLSearchParams): boolean {
  const name = /^metadata\.name=(.*)$/.exec(query.get("fieldSelector") ?? "")?.[1];
  const labels = (query.get("labelSelector") ?? "").split(",").filter((part) => part !== "");
  return (
    (name === undefined || name === metadata.name) &&
    labels.every((part) => metadata.labels?.[part.split("=")[0] ?? ""] === part.split("=")[1])
  );
}
