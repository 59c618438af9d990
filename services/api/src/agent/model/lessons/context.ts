/** A list of messages that can be shortened. */
interface Sized {
  readonly role: string;
}

/** How much one model at one endpoint takes. Sizes are characters of the messages as JSON. */
export interface ContextLimit {
  /** The messages without the oldest runs that do not fit. */
  fitting<M extends Sized>(messages: readonly M[]): readonly M[];
  /** The system message and the current run. */
  least<M extends Sized>(messages: readonly M[]): readonly M[];
  /** The server took these messages. */
  accepted(messages: readonly Sized[]): void;
  /** The server finds these messages too long. False when nothing can be left out of them. */
  refused(messages: readonly Sized[]): boolean;
}

/** How long a limit holds, in milliseconds. A server may be started again with a larger context. */
const HOLDS_MS = 6 * 60 * 60 * 1000;

/**
 * Learns the limit of a server that refuses what is too long. After a refusal the largest size that was accepted before
 * counts or, when there is none, half of the history is left out. The system message and the current run always stay, and
 * runs are left out whole, so that no call loses its result.
 */
export function createContextLimit(now: () => number = () => performance.now()): ContextLimit {
  let limit = Number.POSITIVE_INFINITY;
  let limitedAt = 0;
  let largestAccepted = 0;

  return { fitting, least: (messages) => withoutOldest(messages, 0), accepted, refused };

  function fitting<M extends Sized>(messages: readonly M[]): readonly M[] {
    if (now() - limitedAt > HOLDS_MS) limit = Number.POSITIVE_INFINITY;
    return withoutOldest(messages, limit);
  }

  function accepted(messages: readonly Sized[]): void {
    largestAccepted = Math.max(largestAccepted, sizeOf(messages));
  }

  function refused(messages: readonly Sized[]): boolean {
    const size = sizeOf(messages);
    const least = sizeOf(withoutOldest(messages, 0));
    if (least >= size) return false;
    if (largestAccepted >= size) largestAccepted = 0;
    limit = Math.max(largestAccepted, least + (size - least) / 2);
    // Something has to go, however the sizes are spread.
    limit = Math.min(limit, size - 1);
    limitedAt = now();
    return true;
  }
}

/** The messages without as many of the oldest runs as needed. The last run stays, whatever its size. */
function withoutOldest<M extends Sized>(messages: readonly M[], limit: number): readonly M[] {
  if (limit === Number.POSITIVE_INFINITY) return messages;
  const questions = messages.flatMap(({ role }, index) => (role === "user" ? [index] : []));
  const system = messages.slice(0, questions[0] ?? messages.length);
  for (const start of questions) {
    const kept = [...system, ...messages.slice(start)];
    if (start === questions.at(-1) || sizeOf(kept) <= limit) return kept;
  }
  return messages;
}

function sizeOf(messages: readonly Sized[]): number {
  return JSON.stringify(messages).length;
}
