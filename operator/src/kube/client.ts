import { createCall } from "./call.ts";
import { createReads, type KubeReads } from "./reads.ts";
import { createResourceLookup, type Resource } from "./resources.ts";
import type { Transport } from "./transport.ts";
import { createWrites, type KubeWrites } from "./writes.ts";

/**
 * Exchanges raw JSON with the API server. Objects pass through unchanged: no field is dropped and no date is parsed.
 * Calls reject as `Call` says.
 */
export interface KubeClient extends KubeReads, KubeWrites {}

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

/** Builds the client. */
export function createClient(deps: ClientDeps): KubeClient {
  const { transport, fieldManager } = deps;
  const call = createCall(transport);
  return {
    ...createReads({ transport, call, pageSize: deps.pageSize ?? 500 }),
    ...createWrites({
      call,
      resourceOf: createResourceLookup(deps.resources),
      fieldManager,
      fieldValidation: deps.fieldValidation ?? "Strict",
    }),
  };
}
