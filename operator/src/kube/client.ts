import { apiErrorFrom, type FieldConflict, isGone, isNotFound, type RequestSubject } from "./errors.ts";
import { fieldConflicts } from "./field-conflicts.ts";
import {
  apiVersionOf,
  collectionPath,
  createResourceLookup,
  groupPath,
  objectPath,
  type Resource,
} from "./resources.ts";
import type { Transport, TransportRequest } from "./transport.ts";
import type { KubeObject, ObjectRef, Status } from "./types.ts";
import { type WatchEvent, watchStream } from "./watch.ts";

/** Every call can be cancelled. */
export interface CallOptions {
  readonly signal: AbortSignal;
}

export interface Selection {
  /** One namespace; all namespaces if absent. */
  readonly namespace?: string;
  /** `app=demo,tier in (api)`. */
  readonly labelSelector?: string;
  /** `metadata.name=demo`. */
  readonly fieldSelector?: string;
}

export interface Page<T> {
  readonly items: T[];
  readonly resourceVersion: string;
}

export interface ApplyOptions extends CallOptions {
  /** Default: the field manager of the client. */
  readonly fieldManager?: string;
  /** `onConflict`, the default, applies without force and, after a conflict over fields, once with force. */
  readonly force?: "never" | "onConflict" | "always";
}

export interface ApplyResult<T> {
  readonly object: T;
  /** Fields that were taken from other managers; empty when there was no conflict. */
  readonly taken: readonly FieldConflict[];
}

export interface PatchOptions extends CallOptions {
  readonly fieldManager?: string;
  readonly subresource?: "status";
}

export interface DeleteOptions extends CallOptions {
  /** The delete fails with 409 when the object is no longer this one. */
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly propagationPolicy?: "Background" | "Foreground" | "Orphan";
}

export interface WatchRequest extends CallOptions, Selection {
  readonly resourceVersion: string;
  readonly timeoutSeconds: number;
  /** Milliseconds without a byte after which the stream ends with `WatchStalledError`; default 150,000. */
  readonly byteDeadlineMs?: number;
  /** Called for every chunk received. */
  readonly onBytes?: () => void;
}

/**
 * Exchanges raw JSON with the API server. Objects pass through unchanged: no field is dropped and no date is parsed.
 * Calls reject with `ApiError` when the server refuses, with the signal's reason when cancelled, and with the
 * transport's error when no answer arrived (a write may then have happened).
 */
export interface KubeClient {
  /** Whether the API server serves the resource now, according to its discovery documents, which need no permission. */
  isServed(resource: Resource, options: CallOptions): Promise<boolean>;
  /** The object, or undefined when it does not exist. */
  get<T extends KubeObject>(resource: Resource, ref: ObjectRef, options: CallOptions): Promise<T | undefined>;
  /** Pages of a consistent LIST. Throws a 410 when the continue token expires; the caller then starts again. */
  listPages<T extends KubeObject>(resource: Resource, options: CallOptions & Selection): AsyncGenerator<Page<T>>;
  /** All pages in one array. Starts again when the continue token expires. */
  list<T extends KubeObject>(resource: Resource, options: CallOptions & Selection): Promise<Page<T>>;
  /** One WATCH stream with bookmarks. It ends when the server closes it. */
  watch<T extends KubeObject>(resource: Resource, request: WatchRequest): AsyncGenerator<WatchEvent<T>>;
  /** POST. Throws a 409 AlreadyExists if the object exists. */
  create<T extends KubeObject>(object: T, options: CallOptions): Promise<T>;
  /** PUT. With `metadata.resourceVersion`, it throws a 409 after a concurrent change. */
  replace<T extends KubeObject>(object: T, options: CallOptions): Promise<T>;
  /** Server-side apply. */
  apply<T extends KubeObject>(object: T, options: ApplyOptions): Promise<ApplyResult<T>>;
  /** Server-side apply on `/status`. The object has only apiVersion, kind, name, namespace and status. */
  applyStatus<T extends KubeObject>(object: T, options: ApplyOptions): Promise<ApplyResult<T>>;
  /** RFC 7396 merge patch. */
  mergePatch<T extends KubeObject>(
    resource: Resource,
    ref: ObjectRef,
    patch: object,
    options: PatchOptions,
  ): Promise<T>;
  /** False when there was nothing to delete. */
  delete(resource: Resource, ref: ObjectRef, options: DeleteOptions): Promise<boolean>;
}

export interface ClientDeps {
  readonly transport: Transport;
  /** All kinds the client may create, replace or apply. */
  readonly resources: readonly Resource[];
  /** Default owner of the fields that are written. */
  readonly fieldManager: string;
  /** What the server does about unknown fields; default Strict, which makes them an error. */
  readonly fieldValidation?: "Strict" | "Warn" | "Ignore";
  /** Objects per LIST page, default 500. */
  readonly pageSize?: number;
}

const APPLY = "application/apply-patch+yaml";
const MERGE = "application/merge-patch+json";
const LIST_RESTARTS = 3;

/** Builds the client. */
export function createClient(deps: ClientDeps): KubeClient {
  const resourceOf = createResourceLookup(deps.resources);
  const fieldValidation = deps.fieldValidation ?? "Strict";
  const pageSize = deps.pageSize ?? 500;

  async function call<T>(resource: Resource, request: TransportRequest): Promise<T> {
    const response = await deps.transport.request(request);
    const body = parse(response.text);
    if (response.status >= 200 && response.status < 300) {
      if (body === undefined) throw new Error(`${subject(resource, request).what}: the answer is not complete JSON`);
      return body as T;
    }
    throw apiErrorFrom(response.status, body, subject(resource, request), response.retryAfterMs);
  }

  async function* listPages<T extends KubeObject>(resource: Resource, options: CallOptions & Selection) {
    let next: string | undefined;
    do {
      const page: ListBody<T> = await call(resource, {
        method: "GET",
        path: collectionPath(resource, options.namespace),
        query: { ...selectors(options), limit: String(pageSize), continue: next },
        signal: options.signal,
      });
      yield {
        items: (page.items ?? []).map((item) => withKind(resource, item)),
        resourceVersion: page.metadata.resourceVersion ?? "",
      };
      next = page.metadata.continue || undefined;
    } while (next !== undefined);
  }

  async function applyAt<T extends KubeObject>(object: T, options: ApplyOptions, subresource?: "status") {
    const resource = resourceOf(object);
    const force = options.force ?? "onConflict";
    const send = (forced: boolean) =>
      call<T>(resource, {
        method: "PATCH",
        path: objectPath(resource, object.metadata, subresource),
        query: {
          fieldManager: options.fieldManager ?? deps.fieldManager,
          fieldValidation,
          force: forced ? "true" : undefined,
        },
        contentType: APPLY,
        body: JSON.stringify(object),
        // Applying twice leads to the same object, so it is safe to repeat after a broken connection.
        repeatable: true,
        signal: options.signal,
      });
    if (force === "always") return { object: await send(true), taken: [] };
    try {
      return { object: await send(false), taken: [] };
    } catch (error) {
      const taken = fieldConflicts(error);
      if (force === "never" || taken.length === 0) throw error;
      return { object: await send(true), taken };
    }
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
      const path = collectionPath(resource, request.namespace);
      return watchStream<T>({
        transport: deps.transport,
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
    create<T extends KubeObject>(object: T, { signal }: CallOptions) {
      const resource = resourceOf(object);
      return call<T>(resource, {
        method: "POST",
        path: collectionPath(resource, object.metadata.namespace),
        query: { fieldManager: deps.fieldManager, fieldValidation },
        body: JSON.stringify(object),
        signal,
      });
    },
    replace<T extends KubeObject>(object: T, { signal }: CallOptions) {
      const resource = resourceOf(object);
      return call<T>(resource, {
        method: "PUT",
        path: objectPath(resource, object.metadata),
        query: { fieldManager: deps.fieldManager, fieldValidation },
        body: JSON.stringify(object),
        signal,
      });
    },
    apply: (object, options) => applyAt(object, options),
    applyStatus: (object, options) => applyAt(object, options, "status"),
    mergePatch: (resource, ref, patch, { signal, fieldManager, subresource }) =>
      call(resource, {
        method: "PATCH",
        path: objectPath(resource, ref, subresource),
        query: { fieldManager: fieldManager ?? deps.fieldManager, fieldValidation },
        contentType: MERGE,
        body: JSON.stringify(patch),
        signal,
      }),
    async delete(resource, ref, { signal, ...options }) {
      try {
        await call<Status | KubeObject>(resource, {
          method: "DELETE",
          path: objectPath(resource, ref),
          body: JSON.stringify({ apiVersion: "v1", kind: "DeleteOptions", ...options }),
          signal,
        });
        return true;
      } catch (error) {
        if (isNotFound(error) && error.reason === "NotFound") return false;
        throw error;
      }
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

function subject(resource: Resource, request: TransportRequest): RequestSubject {
  return { what: `${request.method} ${request.path}`, secret: resource.kind === "Secret" };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
