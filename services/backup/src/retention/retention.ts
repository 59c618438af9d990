/** A backup as its location shows it. */
export interface Kept {
  readonly id: string;
  readonly finishedAt: Date;
  /** Its objects are there, with the sizes that its manifest names. */
  readonly complete: boolean;
  readonly verified: boolean;
}

export interface Retention {
  /** How many complete backups stay. At least 1. */
  readonly keepLast: number;
  /** Older ones go even if they are among the last. */
  readonly maxAgeDays?: number | undefined;
}

const DAY_MS = 86_400_000;

/**
 * The backups to remove, oldest first. The last good one always stays: the newest that was verified, or the newest complete one
 * where none was. A damaged backup does not count among the last, so that it displaces no good one, and goes when it is older
 * than all that stay. The operator goes by its resources, with the same rule: `beyond` in `operator/src/backups/schedule/plan.ts`.
 */
export function toRemove(backups: readonly Kept[], { keepLast, maxAgeDays }: Retention, now: Date): Kept[] {
  const newestFirst = [...backups].sort(
    (a, b) => b.finishedAt.getTime() - a.finishedAt.getTime() || (a.id < b.id ? 1 : -1),
  );
  const complete = newestFirst.filter((each) => each.complete);
  const lastGood = complete.find((each) => each.verified) ?? complete[0];
  const oldest = maxAgeDays === undefined ? undefined : now.getTime() - maxAgeDays * DAY_MS;
  const stays = complete.filter(
    (each, at) =>
      each === lastGood ||
      (at < Math.max(1, keepLast) && (oldest === undefined || each.finishedAt.getTime() >= oldest)),
  );
  const oldestKept = stays.at(-1)?.finishedAt.getTime();
  return newestFirst
    .filter((each) =>
      each.complete ? !stays.includes(each) : oldestKept !== undefined && each.finishedAt.getTime() < oldestKept,
    )
    .reverse();
}
