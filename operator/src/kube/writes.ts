import type { Call, CallOptions } from "./call.ts";
import { type FieldConflict, isNotFound } from "./errors.ts";
import { fieldConflicts } from "./field-conflicts.ts";
import { collectionPath, objectPath, type Resource, type ResourceLookup } from "./resources.ts";
import type { KubeObject, ObjectRef, Status } from "./types.ts";

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

/** The calls that write. */
export interface KubeWrites {
  /** POST. Throws a 409 AlreadyExists if the object exists. */
  create<T extends KubeObject>(object: T, options: CallOptions): Promise<T>;
  /** PUT. With `metadata.resourceVersion`, it throws a 409 after a concurrent change. */
  replace<T extends KubeObject>(object: T, options: CallOptions): Promise<T>;
  /** Server-side apply. */
  apply<T extends KubeObject>(object: T, options: ApplyOptions): Promise<ApplyResult<T>>;
  /** What a server-side apply with force would make of an object. It changes nothing. */
  dryRunApply<T extends KubeObject>(object: T, options: CallOptions): Promise<T>;
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

export interface WriteDeps {
  readonly call: Call;
  readonly resourceOf: ResourceLookup;
  /** Owner of the fields of a call that names no other. */
  readonly fieldManager: string;
  readonly fieldValidation: "Strict" | "Warn" | "Ignore";
}

const APPLY = "application/apply-patch+yaml";
const MERGE = "application/merge-patch+json";

/** Builds the calls that write. */
export function createWrites(deps: WriteDeps): KubeWrites {
  const { call, resourceOf, fieldManager: ownManager, fieldValidation } = deps;

  async function applyAt<T extends KubeObject>(object: T, options: ApplyOptions, subresource?: "status") {
    const resource = resourceOf(object);
    const force = options.force ?? "onConflict";
    const send = (forced: boolean) =>
      call<T>(resource, {
        method: "PATCH",
        path: objectPath(resource, object.metadata, subresource),
        query: {
          fieldManager: options.fieldManager ?? ownManager,
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
    create<T extends KubeObject>(object: T, { signal }: CallOptions) {
      const resource = resourceOf(object);
      return call<T>(resource, {
        method: "POST",
        path: collectionPath(resource, object.metadata.namespace),
        query: { fieldManager: ownManager, fieldValidation },
        body: JSON.stringify(object),
        signal,
      });
    },
    replace<T extends KubeObject>(object: T, { signal }: CallOptions) {
      const resource = resourceOf(object);
      return call<T>(resource, {
        method: "PUT",
        path: objectPath(resource, object.metadata),
        query: { fieldManager: ownManager, fieldValidation },
        body: JSON.stringify(object),
        signal,
      });
    },
    apply: (object, options) => applyAt(object, options),
    dryRunApply<T extends KubeObject>(object: T, { signal }: CallOptions) {
      const resource = resourceOf(object);
      return call<T>(resource, {
        method: "PATCH",
        path: objectPath(resource, object.metadata),
        query: { fieldManager: ownManager, fieldValidation, force: "true", dryRun: "All" },
        contentType: APPLY,
        body: JSON.stringify(object),
        repeatable: true,
        signal,
      });
    },
    applyStatus: (object, options) => applyAt(object, options, "status"),
    mergePatch: (resource, ref, patch, { signal, fieldManager, subresource }) =>
      call(resource, {
        method: "PATCH",
        path: objectPath(resource, ref, subresource),
        query: { fieldManager: fieldManager ?? ownManager, fieldValidation },
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
