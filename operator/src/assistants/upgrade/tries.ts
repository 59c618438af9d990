import { timestamp, type UpgradeRecord } from "./record.ts";
import type { UpgradeView } from "./view.ts";

/**
 * How often a release that fails is tried: again half a minute after the first failure, and a minute after the second. After the
 * third a person has to act. A change of the spec is a new chance.
 */

/** Failed tries of one release after which a person has to act. */
export const MAX_TRIES = 3;

/** Milliseconds between a failed try and the next; twice as much after the second. */
const RETRY_MS = 30_000;

/** What the record keeps of the tries. */
type Tries = Pick<UpgradeRecord, "failedVersion" | "tries" | "triedGeneration">;

/** Why a release that has failed is not tried now. */
export type TriesHold =
  /** It has failed too often. */
  | { readonly kind: "givenUp" }
  /** It is tried again. */
  | { readonly kind: "retry"; readonly at: string };

/** The count while a release is tried; nothing the first time. */
export function triesSoFar(record: UpgradeRecord | undefined, version: string, generation: number): Tries {
  const tries = failedTries(record, version, generation);
  return tries === 0 ? {} : { failedVersion: version, tries, triedGeneration: generation };
}

/** The count after one more failure. */
export function triesAfterFailure(record: UpgradeRecord, version: string, generation: number): Tries {
  const tries = failedTries(record, version, generation) + 1;
  return { failedVersion: version, tries, triedGeneration: generation };
}

/** The record of a release that has succeeded. */
export function withoutTries<R extends UpgradeRecord>(record: R): Omit<R, keyof Tries> {
  const { failedVersion: _version, tries: _tries, triedGeneration: _generation, ...rest } = record;
  return rest;
}

/** Whether the spec has changed since the last failure. */
export function isNewChance({ triedGeneration }: UpgradeRecord, generation: number): boolean {
  return triedGeneration !== generation;
}

/** What keeps a release from being tried now. It has failed `stepStartedAt`, when its way back ended. */
export function triesHold({ recorded, generation, now }: UpgradeView, version: string): TriesHold | undefined {
  const tries = failedTries(recorded, version, generation);
  if (tries >= MAX_TRIES) return { kind: "givenUp" };
  const failedAt = Date.parse(recorded?.stepStartedAt ?? "");
  if (tries === 0 || Number.isNaN(failedAt)) return undefined;
  const at = new Date(failedAt + RETRY_MS * 2 ** (tries - 1));
  return at > now ? { kind: "retry", at: timestamp(at) } : undefined;
}

function failedTries(record: UpgradeRecord | undefined, version: string, generation: number): number {
  if (record?.failedVersion !== version || isNewChance(record, generation)) return 0;
  return record.tries ?? 0;
}
