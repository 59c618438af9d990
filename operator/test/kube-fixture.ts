import { childResources } from "../src/kinds/index.ts";
import {
  builtin,
  createClient,
  createTransport,
  type KubeClient,
  type KubeObject,
  type Resource,
  staticConfig,
} from "../src/kube/index.ts";
import type { Log } from "../src/runtime/index.ts";
import type { StubApiServer } from "./api-server-harness.ts";

/** A ConfigMap as the tests use it. */
export interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

/** A kind that a cluster may not have. */
export const widgets: Resource = {
  group: "example.dev",
  version: "v1",
  kind: "Widget",
  plural: "widgets",
  namespaced: true,
};
export const WIDGETS = "/apis/example.dev/v1/widgets";

export const CONFIG_MAPS = "/api/v1/configmaps";

export function widget(name: string): KubeObject {
  return { apiVersion: "example.dev/v1", kind: "Widget", metadata: { namespace: "shop", name } };
}

export function configMap(name: string, data: Record<string, string> = {}, metadata: object = {}): ConfigMap {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { namespace: "shop", name, ...metadata }, data };
}

/** A client of a stub server, and the function that closes its connections. */
export function clientOf(server: StubApiServer): { readonly client: KubeClient; close(): Promise<void> } {
  const transport = createTransport({
    config: staticConfig({ server: server.url, tls: {}, headers: { authorization: "Bearer test" } }),
    userAgent: "test",
    sleep: async () => undefined,
  });
  const client = createClient({
    transport,
    resources: [...Object.values(builtin), ...childResources(), widgets],
    fieldManager: "test-operator",
  });
  return { client, close: () => transport.close() };
}

/** A log whose lines a test can look at. */
export function recordingLog(): Log & { readonly lines: { level: string; fields: object; message: string }[] } {
  const lines: { level: string; fields: object; message: string }[] = [];
  const at = (level: string) => (fields: object, message: string) => void lines.push({ level, fields, message });
  return { lines, debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** Waits until a condition holds. */
export async function until(condition: () => boolean, what = condition.toString(), withinMs = 10_000): Promise<void> {
  const end = Date.now() + withinMs;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`never came true: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Waits long enough for an unwanted effect to show. */
export const aMoment = () => new Promise((resolve) => setTimeout(resolve, 150));

/** A signal that never aborts. */
export const never = () => new AbortController().signal;
