import { LRUCache } from "@taskassistant/kit/collections";

/** How long a lesson holds. Servers are updated, and what was refused may be accepted then. */
const HOLDS_MS = 6 * 60 * 60 * 1000;
/** Maximum number of lessons. A server that refuses more than this can't be suited. */
const LESSONS_MAX = 64;

/** A value of a request's parameter. */
export type Scalar = string | number | boolean | null;

/** What one model at one endpoint has taught by refusing a request. */
export type Lesson =
  /** A parameter must have this value. `path` leads to it, as in `["thinking", "type"]`. */
  | { readonly kind: "set"; readonly path: readonly string[]; readonly value: Scalar }
  | { readonly kind: "drop"; readonly path: readonly string[] }
  | { readonly kind: "rename"; readonly path: readonly string[]; readonly to: string }
  /** A field of messages or of the calls in them is not accepted. */
  | { readonly kind: "drop-message-field"; readonly field: string }
  /** There is no system role. */
  | { readonly kind: "no-system-role" }
  /** Ids of calls are exactly this many letters and digits. */
  | { readonly kind: "call-id"; readonly length: number }
  /** Each assistant message with calls must have this field, and it must not be empty. */
  | { readonly kind: "reasoning-field"; readonly field: string };

/** What has been learned from one endpoint and model. It is kept in memory only; each replica learns for itself. */
export interface Lessons {
  /** Everything that holds now. */
  current(): readonly Lesson[];
  /** Remembers a lesson. */
  add(lesson: Lesson): void;
}

export function createLessons(onNew: (lesson: Lesson) => void): Lessons {
  const known = new LRUCache<string, Lesson>({ max: LESSONS_MAX, ttl: HOLDS_MS });
  return {
    current: () => [...known.values()].reverse(),
    add: (lesson) => {
      const subject = subjectOf(lesson);
      const isNew = JSON.stringify(known.peek(subject)) !== JSON.stringify(lesson);
      known.set(subject, lesson);
      if (isNew) onNew(lesson);
    },
  };
}

/** A newer lesson on the same subject replaces the older one. */
function subjectOf(lesson: Lesson): string {
  if ("path" in lesson) return `parameter ${lesson.path.join(".")}`;
  return lesson.kind === "drop-message-field" ? `${lesson.kind} ${lesson.field}` : lesson.kind;
}
