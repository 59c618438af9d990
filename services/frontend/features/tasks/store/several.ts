import { ApiError } from "../../../lib/errors/api-error.ts";

/** Most requests at a time when several tasks change at once. */
export const AT_ONCE = 4;
/** How often a request is sent that the server refuses because there were too many. */
const TRIES_MAX = 5;

/** The answers for those tasks that the server did not refuse, and why it refused the others. */
export interface SeveralAnswers<Answer> {
  answers: ReadonlyMap<string, Answer>;
  refusal: unknown;
}

/** Sends a request for each task, a few at a time, and waits when the server asks for it. Never rejects. */
export async function sendSeveral<Answer>(
  ids: Iterable<string>,
  send: (id: string) => Promise<Answer>,
): Promise<SeveralAnswers<Answer>> {
  const answers = new Map<string, Answer>();
  let refusal: unknown = null;
  const left = [...ids];
  const work = async () => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) {
      const next = id;
      try {
        answers.set(next, await patiently(() => send(next)));
      } catch (error) {
        refusal = error;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { answers, refusal };
}

/** Waits as the server asks when there were too many requests, a few times. */
async function patiently<Result>(send: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 429) || tries === TRIES_MAX) throw error;
      await new Promise((resolve) => setTimeout(resolve, (error.retryAfter ?? 1) * 1_000));
    }
  }
}
