import { createHash } from "node:crypto";
import { changesBetween, DESIRED_HASH, type FieldDifference } from "../../kinds/index.ts";
import { ApiError, type KubeClient, type LiveObject } from "../../kube/index.ts";
import type { Pending } from "./changes.ts";

/** What the API server would make of an apply. */
export interface Outcome {
  readonly fields: readonly FieldDifference[];
  /** Its own words, if it would refuse. */
  readonly refused?: string;
}

/** Asks the API server what an apply would change; undefined when it can't say. It keeps what it learned until something changes. */
export type DryRun = (
  deps: { readonly client: KubeClient; readonly signal: AbortSignal },
  pending: Pending,
) => Promise<Outcome | undefined>;

/** Answers that are kept. Each belongs to one object as it is. */
const KEPT_MAX = 1_000;

/** Only the API server knows which fields an apply would take away, and what it would refuse. */
export function createDryRun(): DryRun {
  const known = new Map<string, Outcome>();

  async function ask(
    { client, signal }: Parameters<DryRun>[0],
    { child, live, handover }: Pending,
  ): Promise<Outcome | undefined> {
    const { uid } = live.metadata;
    const sent = uid === undefined ? child : { ...child, metadata: { ...child.metadata, uid } };
    try {
      const after = await client.dryRunApply<LiveObject>(sent as unknown as LiveObject, { signal });
      const found = changesBetween(live, handover === undefined ? after : withReplicas(after, handover));
      const fields = found.filter(({ path }) => !path.includes(DESIRED_HASH));
      return { fields };
    } catch (error) {
      signal.throwIfAborted();
      const isRefusal = error instanceof ApiError && [400, 403, 422].includes(error.status);
      return isRefusal ? { fields: [], refused: withoutValues(error.message, child) } : undefined;
    }
  }

  return async (deps, pending) => {
    const key = keyOf(pending);
    const found = known.get(key) ?? (await ask(deps, pending));
    known.delete(key);
    if (found !== undefined && found.refused === undefined) known.set(key, found);
    for (const oldest of known.keys()) {
      if (known.size <= KEPT_MAX) break;
      known.delete(oldest);
    }
    return found;
  };
}

/** The count is handed over before the apply, which alone would reset it. */
function withReplicas(after: LiveObject, replicas: number): LiveObject {
  return { ...after, spec: { ...after.spec, replicas } };
}

function keyOf({ child, live, handover }: Pending): string {
  const { resourceVersion: _r, ...metadata } = live.metadata;
  const text = JSON.stringify([child, metadata, live.spec, handover]);
  return createHash("sha256").update(text).digest("base64");
}

/** Shorter texts say nothing, and would be found in every sentence. */
const VALUE_MIN = 4;

/** The server's words without values of variables and annotations that it may quote. */
function withoutValues(words: string, child: object): string {
  const values: string[] = [];
  JSON.stringify(child, function (this: unknown, key, value: unknown) {
    if (key === "annotations" && typeof value === "object" && value !== null) values.push(...Object.values(value));
    if (key === "value" && typeof value === "string") values.push(value);
    return value;
  });
  return values
    .filter((value) => value.length >= VALUE_MIN)
    .toSorted((a, b) => b.length - a.length)
    .reduce((text, value) => text.replaceAll(value, "..."), words);
}
