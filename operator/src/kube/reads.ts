import type { Call, CallOptions } from "./call.ts";
import { isGone, isNotFound } from "./errors.ts";
import { apiVersionOf, collectionPath, groupPath, objectPath, objectWatchPath, type Resource } from "./resources.ts";
import type { Transport } from "./transport.ts";
import type { KubeObject, ObjectRef } from "./types.ts";
import { type WatchEvent, watchStream } from "./watch.ts";

export interface Selection {
  /** One namespace; all namespaces if absent. */
  readonly namespace?: string;
  /** `app=demo,tier in (api)`. */
  readonly labelSelector?: string;
  /** `metadata.name=demo`. */
  readonly fieldSelector?: string;
}

/** A selection that is read page by page. */
export interface Paging extends Selection {
  /** Objects per page; default: that of the client. */
  readonly pageSize?: number;
}

export interface Page<T> {
  readonly items: T[];
  readonly resourceVersion: string;
}

export interface WatchRequest extends CallOptions, Selection {
  /** One cluster-scoped object by its name, instead of a collection. */
  readonly name?: string;
  readonly resourceVersion: string;
  readonly timeoutSeconds: number;
  /** Milliseconds without a byte after which the stream ends with `WatchStalledError`; default 150,000. */
  readonly byteDeadlineMs?: number;
  /** Called for every chunk received. */
  readonly onBytes?: () => void;
}

/** The calls that read. */
export interface KubeReads {
  /** Whether the API server serves the resource now, according to its discovery documents, which need no permission. */
  isServed(resource: Resource, options: CallOptions): Promise<boolean>;
  /** The object, or undefined when it does not exist. */
  get<T extends KubeObject>(resource: Resource, ref: ObjectRef, options: CallOptions): Promise<T | undefined>;
  /** Pages of a consistent LIST. Throws a 410 when the continue token expires; the caller then starts again. */
  listPages<T extends KubeObject>(resource: Resource, options: CallOptions & Paging): AsyncGenerator<Page<T>>;
  /** All pages in one array. Starts again when the continue token expires. */
  list<T extends KubeObject>(resource: Resource, options: CallOptions & Selection): Promise<Page<T>>;
  /** One WATCH stream with bookmarks. It ends when the server closes it. */
  watch<T extends KubeObject>(resource: Resource, request: WatchRequest): AsyncGenerator<WatchEvent<T>>;
}

export interface ReadDeps {
  readonly transport: Transport;
  readonly call: Call;
  /** Objects per LIST page. */
  readonly pageSize: number;
}

const LIST_RESTARTS = 3;

/** Builds the calls that read. */
export function createReads({ transport, call, pageSize }: ReadDeps): KubeReads {
  async function* listPages<T extends KubeObject>(resource: Resource, options: CallOptions & Paging) {
    let next: string | undefined;
    do {
      const page: ListBody<T> = await call(resource, {
        method: "GET",
        path: collectionPath(resource, options.namespace),
        query: { ...selectors(options), limit: String(options.pageSize ?? pageSize), continue: next },
        signal: options.signal,
      });
      yield {
        items: (page.items ?? []).map((item) => withKind(resource, item)),
        resourceVersion: page.metadata.resourceVersion ?? "",
      };
      next = page.metadata.continue || undefined;
    } while (next !== undefined);
  }

  return {
    async isServed(resource, { signal }) {
      try {
        const path = groupPath(resource);
        const served: { readonly resources?: { readonly name: string }[] } = await call(resource, {
          method: "GET",
          path,
          signal,
        });
        return served.resources?.some(({ name }) => name === resource.plural) ?? false;
      } catch (error) {
        if (isNotFound(error)) return false;
        throw error;
      }
    },
    async get(resource, ref, { signal }) {
      try {
        return await call(resource, { method: "GET", path: objectPath(resource, ref), signal });
      } catch (error) {
        // A 404 without a reason means that the whole path is missing, because the kind is not installed.
        if (isNotFound(error) && error.reason === "NotFound") return undefined;
        throw error;
      }
    },
    listPages,
    async list<T extends KubeObject>(resource: Resource, options: CallOptions & Selection) {
      for (let restarts = 0; ; restarts += 1) {
        try {
          const items: T[] = [];
          let resourceVersion = "";
          for await (const page of listPages<T>(resource, options)) {
            items.push(...page.items);
            resourceVersion = page.resourceVersion;
          }
          return { items, resourceVersion };
        } catch (error) {
          if (!isGone(error) || restarts === LIST_RESTARTS) throw error;
        }
      }
    },
    watch<T extends KubeObject>(resource: Resource, request: WatchRequest) {
      const { resourceVersion, timeoutSeconds, signal, byteDeadlineMs, onBytes } = request;
      const path =
        request.name === undefined
          ? collectionPath(resource, request.namespace)
          : objectWatchPath(resource, request.name);
      return watchStream<T>({
        transport,
        path,
        query: {
          ...selectors(request),
          watch: "true",
          allowWatchBookmarks: "true",
          resourceVersion,
          timeoutSeconds: String(timeoutSeconds),
        },
        subject: { what: `WATCH ${path}`, secret: resource.kind === "Secret" },
        signal,
        ...(byteDeadlineMs === undefined ? {} : { byteDeadlineMs }),
        ...(onBytes === undefined ? {} : { onBytes }),
      });
    },
  };
}

interface ListBody<T> {
  readonly metadata: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items?: readonly T[] | null;
}

/** Adds kind and apiVersion, which the API server sends in a WATCH but leaves out of the items of a LIST. */
function withKind<T extends KubeObject>(resource: Resource, item: T): T {
  return { ...item, apiVersion: item.apiVersion ?? apiVersionOf(resource), kind: item.kind ?? resource.kind };
}

function selectors({ labelSelector, fieldSelector }: Selection): Record<string, string | undefined> {
  return { labelSelector, fieldSelector };
}
