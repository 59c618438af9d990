/** What one user may store. Enforced by the triggers of `0007-usage` and `0012-projects-and-tags`. Trashed tasks count. A missing limit does not apply. */
export interface Quotas {
  readonly tasks?: number;
  readonly conversations?: number;
  /** Bytes of all titles, notes, messages and names. */
  readonly bytes?: number;
  /** Projects and tags. */
  readonly labels?: number;
}

/** The user may not store more. The message says what is full and how to make room, for people and models. */
export class QuotaExceededError extends Error {
  override name = "QuotaExceededError";
}

/** The code that the triggers of `app.usage` raise, with the name of the quota as its detail. */
const QUOTA_EXCEEDED = "TA001";

const SENTENCES: { readonly [Name in keyof Quotas]-?: (max: number) => string } = {
  tasks: (max) =>
    `Your list is full: it may hold ${max.toLocaleString("en")} tasks, those in the trash included. Delete tasks and empty the trash.`,
  conversations: (max) =>
    `Your history is full: it may hold ${max.toLocaleString("en")} conversations. Delete conversations that you no longer need.`,
  bytes: (max) =>
    `Your storage is full: tasks and conversations may take ${Math.floor(max / 1_000_000).toLocaleString("en")} MB. Delete conversations, or delete tasks and empty the trash.`,
  labels: (max) =>
    `You have as many projects and tags as you may: ${max.toLocaleString("en")}. Delete some that you no longer need.`,
};

/** The error itself, or a QuotaExceededError in place of what the triggers raised. */
export function withQuotaSentence(error: unknown, quotas: Quotas): unknown {
  if (!(error instanceof Error && "code" in error && error.code === QUOTA_EXCEEDED && "detail" in error)) return error;
  const name = Object.keys(SENTENCES).find((each) => each === error.detail) as keyof Quotas | undefined;
  if (name === undefined) return error;
  return new QuotaExceededError(SENTENCES[name](quotas[name] ?? 0), { cause: error });
}
