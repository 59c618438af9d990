import { readFileSync } from "node:fs";
import { request as httpsRequest } from "node:https";
import { join } from "node:path";

/** A Kubernetes object as the API sends it. Only these fields are used. */
export type KubeObject = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Record<string, string>;
    readonly annotations?: Record<string, string>;
  };
  readonly [field: string]: unknown;
};

export type Reply = { readonly status: number; readonly body: string };

/** A connection to one API server with one client certificate. */
export type Api = {
  request(method: string, path: string, body?: unknown, contentType?: string): Promise<Reply>;
  /** GET as JSON. @throws on any status but 200 */
  get<T>(path: string): Promise<T>;
  /** Server-side apply as field manager `taskassistant-cluster`. @throws on a refusal */
  apply(path: string, object: KubeObject): Promise<void>;
  /** Resolves at the first change of a collection after `resourceVersion`, at `timeoutMs`, or when the watch ends. */
  waitForChange(path: string, resourceVersion: string, timeoutMs: number, signal: AbortSignal): Promise<void>;
};

const TIMEOUT_MS = 10_000;

/** @param user name of the certificate pair in `pkiDir` */
export function connectApi(server: string, pkiDir: string, user: string): Api {
  const tls = {
    ca: readFileSync(join(pkiDir, "server-ca.crt")),
    cert: readFileSync(join(pkiDir, `${user}.crt`)),
    key: readFileSync(join(pkiDir, `${user}.key`)),
  };

  const request: Api["request"] = (method, path, body, contentType = "application/json") =>
    new Promise((resolve, reject) => {
      const text = body === undefined ? undefined : JSON.stringify(body);
      // Node.js omits the length of a DELETE body by default, and then the API server does not read the body.
      const length = text === undefined ? {} : { "content-length": Buffer.byteLength(text) };
      const headers = { "content-type": contentType, ...length };
      const outgoing = httpsRequest(
        new URL(path, server),
        { ...tls, method, agent: false, timeout: TIMEOUT_MS, headers },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.once("error", reject);
          response.once("end", () =>
            resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
          );
        },
      );
      outgoing.once("timeout", () =>
        outgoing.destroy(new Error(`${method} ${path}: no response within ${TIMEOUT_MS / 1000} s`)),
      );
      outgoing.once("error", reject);
      outgoing.end(text);
    });

  const waitForChange: Api["waitForChange"] = (path, resourceVersion, timeoutMs, signal) =>
    new Promise((resolve, reject) => {
      const query = `?watch=1&resourceVersion=${resourceVersion}&timeoutSeconds=${Math.ceil(timeoutMs / 1000)}`;
      const outgoing = httpsRequest(new URL(path + query, server), { ...tls, agent: false, signal }, (response) => {
        // Any data means that the caller must list again: an event, or an error because the version is too old.
        response.once("data", () => outgoing.destroy());
        response.once("close", () => resolve());
        response.once("error", () => resolve());
      });
      outgoing.once("error", (error) => (signal.aborted ? resolve() : reject(error)));
      outgoing.end();
    });

  return {
    request,
    waitForChange,
    async get<T>(path: string): Promise<T> {
      const reply = await request("GET", path);
      if (reply.status !== 200) throw new Error(`GET ${path}: ${reply.status} ${reply.body.slice(0, 300)}`);
      return JSON.parse(reply.body) as T;
    },
    async apply(path, object) {
      const query = "?fieldManager=taskassistant-cluster&force=true";
      const reply = await request("PATCH", path + query, object, "application/apply-patch+yaml");
      if (reply.status >= 300) throw new Error(`apply ${path}: ${reply.status} ${reply.body.slice(0, 300)}`);
    },
  };
}
