/** A client of the Kubernetes API server. It knows nothing about the code that uses it. */
export { type LinkedAbort, linkedAbort, sleep } from "./abort.ts";
export type { CallOptions } from "./call.ts";
export { type ClientDeps, createClient, type KubeClient } from "./client.ts";
export {
  type Credentials,
  type KubeConfigOptions,
  type KubeConfigSource,
  loadKubeConfig,
  staticConfig,
} from "./config.ts";
export {
  ApiError,
  type FieldConflict,
  isAlreadyExists,
  isConflict,
  isForbidden,
  isGone,
  isNotFound,
} from "./errors.ts";
export { type Identified, identified } from "./identified.ts";
export type { Page, Paging, Selection, WatchRequest } from "./reads.ts";
export {
  apiVersionOf,
  builtin,
  collectionPath,
  createResourceLookup,
  objectPath,
  type Resource,
  type ResourceLookup,
} from "./resources.ts";
export {
  createTransport,
  type RequestObservation,
  type Transport,
  type TransportDeps,
  type TransportRequest,
  type TransportResponse,
  type TransportStream,
} from "./transport.ts";
export {
  type KubeObject,
  type LiveObject,
  type ObjectMeta,
  type ObjectRef,
  type OwnerReference,
  type RawObject,
  refOf,
  type Status,
  type StatusCause,
} from "./types.ts";
export { type WatchEvent, WatchProtocolError, WatchStalledError } from "./watch.ts";
export type { ApplyOptions, ApplyResult, DeleteOptions, PatchOptions } from "./writes.ts";
