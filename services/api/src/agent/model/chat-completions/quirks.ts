import type { ProviderError } from "../errors.ts";

/**
 * What an endpoint has taught us by its refusals. It is kept as long as the driver, which has one endpoint and one model,
 * and shapes every later request to it.
 */
export interface Learned {
  /** Fields that this endpoint demands in the body of the request, such as `reasoning_effort`. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Fields of the body, or of messages and calls in it, that this endpoint refuses. */
  readonly without: readonly string[];
}

export const NOTHING_LEARNED: Learned = { body: {}, without: [] };

/** One thing in which servers differ, told by the server that refuses a request and never by the name of a model. */
export interface Quirk {
  readonly name: string;
  /** The servers that need it. */
  readonly servers: string;
  /** What follows from the refusal; undefined where it is about something else or says nothing new. */
  learn(refusal: ProviderError, learned: Learned): Learned | undefined;
}

/** All quirks, in the order in which they are tried. */
export const QUIRKS: readonly Quirk[] = [];

/** What is known after a refusal; undefined when nothing new follows from it, so that asking again can't help. */
export function learnFrom(refusal: ProviderError, learned: Learned): Learned | undefined {
  for (const quirk of QUIRKS) {
    const more = quirk.learn(refusal, learned);
    if (more !== undefined) return more;
  }
  return undefined;
}
