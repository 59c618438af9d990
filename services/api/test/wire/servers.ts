import type { Reply, WireRequest } from "../harness/wire.ts";
import { HOSTED_SERVERS } from "./hosted-servers.ts";
import { LOCAL_SERVERS } from "./local-servers.ts";

/** The part of a resource that names the model, `spec.model`. */
export interface ModelExample {
  readonly name: string;
  readonly baseURL?: string;
  readonly allowPlaintext?: boolean;
  readonly apiKeySecretRef?: { readonly name: string; readonly key: string };
  readonly headers?: readonly { name: string; valueFrom: { secretKeyRef: { name: string; key: string } } }[];
  readonly reasoningEffort?: string;
  readonly maxOutputTokens?: number;
  readonly temperature?: string;
  readonly extraBody?: string;
  readonly timeout?: string;
  readonly idleTimeout?: string;
}

/** A model server as its wire shows it. The reference lists these, and `servers.test.ts` plays each. */
export interface ModelServer {
  readonly name: string;
  readonly versions: string;
  /** What an administrator has to set or to know, in sentences. */
  readonly set: string;
  /** What is peculiar about its wire, in sentences. The API takes care of it. */
  readonly wire: string;
  readonly model: ModelExample;
  /** What it sends for a call of `add_task` with the arguments. */
  readonly sends: (args: string) => string;
  /** What it refuses, by the body of a request; undefined when it takes the request. */
  readonly refuses?: (request: WireRequest) => Reply | undefined;
}

export const MODEL_SERVERS: readonly ModelServer[] = [...HOSTED_SERVERS, ...LOCAL_SERVERS];
