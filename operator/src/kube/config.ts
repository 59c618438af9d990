import { readFile } from "node:fs/promises";
import type { RequestOptions } from "node:https";
import { isIPv6 } from "node:net";

/** What a request to the API server needs now. */
export interface Credentials {
  /** Base URL, possibly with a path. */
  readonly server: string;
  readonly proxyUrl?: string;
  readonly tls: {
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
    readonly servername?: string;
    readonly rejectUnauthorized?: boolean;
  };
  /** Authorization and impersonation. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A source of credentials, which change while the process runs (projected tokens, exec plugins, rotated files). */
export interface KubeConfigSource {
  /** The namespace of the context or of the pod, if one is set. */
  readonly namespace: string | undefined;
  /** The current credentials, which are read from their files or plugin again every minute. */
  credentials(): Promise<Credentials>;
  /** To be called after a 401. The next call of `credentials` then reads everything again. */
  invalidate(): void;
}

export interface KubeConfigOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A kubeconfig file. Default: KUBECONFIG, the service account of the pod, ~/.kube/config, in this order. */
  readonly path?: string;
  /** A context of that file; default: its current one. */
  readonly context?: string;
  /** Where the service account is mounted. */
  readonly serviceAccountDirectory?: string;
}

const REFRESH_MS = 60_000;
const SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

/**
 * Finds the cluster as kubectl and client-go do. @kubernetes/client-node reads kubeconfig files and is loaded only for
 * them. In a pod, three files and two variables are enough, and the library would take about 85 MB of memory.
 */
export async function loadKubeConfig(options: KubeConfigOptions): Promise<KubeConfigSource> {
  const { env } = options;
  const inCluster = env.KUBERNETES_SERVICE_HOST !== undefined && env.KUBERNETES_SERVICE_PORT !== undefined;
  if (options.path === undefined && options.context === undefined && env.KUBECONFIG === undefined && inCluster) {
    return serviceAccountConfig(options);
  }
  return kubeconfigFile(options);
}

/** Fixed credentials, for tests and tools that have them from elsewhere. */
export function staticConfig(credentials: Credentials, namespace?: string): KubeConfigSource {
  return { namespace, credentials: async () => credentials, invalidate: () => undefined };
}

async function serviceAccountConfig(options: KubeConfigOptions): Promise<KubeConfigSource> {
  const { KUBERNETES_SERVICE_HOST: host = "", KUBERNETES_SERVICE_PORT: port = "" } = options.env;
  const directory = options.serviceAccountDirectory ?? SERVICE_ACCOUNT;
  const read = async (name: string) => (await readFile(`${directory}/${name}`, "utf8")).trim();
  const namespace = await read("namespace").catch(() => undefined);
  return refreshing(namespace, async () => ({
    server: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`,
    tls: { ca: await read("ca.crt") },
    headers: { authorization: `Bearer ${await read("token")}` },
  }));
}

async function kubeconfigFile(options: KubeConfigOptions): Promise<KubeConfigSource> {
  const { KubeConfig } = await import("@kubernetes/client-node");
  // Built again after a 401, because the library caches tokens and plugin answers inside the object.
  const open = () => {
    const config = new KubeConfig();
    if (options.path === undefined) config.loadFromDefault();
    else config.loadFromFile(options.path);
    if (options.context !== undefined) config.setCurrentContext(options.context);
    return config;
  };
  let config = open();
  const namespace = config.getContextObject(config.getCurrentContext())?.namespace;
  const source = refreshing(namespace, async () => {
    const cluster = config.getCurrentCluster();
    if (cluster === null)
      throw new Error(`the kubeconfig has no context ${JSON.stringify(config.getCurrentContext())}`);
    const request: RequestOptions = {};
    await config.applyToHTTPSOptions(request);
    return {
      server: cluster.server,
      ...(cluster.proxyUrl === undefined ? {} : { proxyUrl: cluster.proxyUrl }),
      tls: {
        ...pem("ca", request.ca),
        ...pem("cert", request.cert),
        ...pem("key", request.key),
        ...(request.servername === undefined ? {} : { servername: request.servername }),
        ...(request.rejectUnauthorized === undefined ? {} : { rejectUnauthorized: request.rejectUnauthorized }),
      },
      headers: headersOf(request),
    };
  });
  return {
    ...source,
    invalidate() {
      config = open();
      source.invalidate();
    },
  };
}

function pem<K extends "ca" | "cert" | "key">(name: K, value: unknown): Partial<Record<K, string>> {
  return value === undefined || value === null ? {} : ({ [name]: String(value) } as Partial<Record<K, string>>);
}

function headersOf(request: RequestOptions): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers ?? {})) {
    if (value !== undefined) headers[name.toLowerCase()] = String(value);
  }
  if (typeof request.auth === "string") headers.authorization = `Basic ${Buffer.from(request.auth).toString("base64")}`;
  return headers;
}

/** Reads once a minute. All callers within that minute share the result. */
function refreshing(namespace: string | undefined, read: () => Promise<Credentials>): KubeConfigSource {
  let held: { readonly at: number; readonly value: Promise<Credentials> } | undefined;
  return {
    namespace,
    credentials() {
      if (held !== undefined && performance.now() - held.at < REFRESH_MS) return held.value;
      const value = read();
      const reading = { at: performance.now(), value };
      held = reading;
      value.catch(() => {
        if (held === reading) held = undefined;
      });
      return value;
    },
    invalidate() {
      held = undefined;
    },
  };
}
