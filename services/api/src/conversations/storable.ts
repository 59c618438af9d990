/**
 * Copies a value so that PostgreSQL can store it as text or jsonb. NUL and unpaired surrogates, which PostgreSQL refuses,
 * become U+FFFD, in keys as well. No text of a model or a person must keep an answer from being stored.
 */
export function storable<T>(value: T): T {
  return copy(value) as T;
}

function copy(value: unknown): unknown {
  if (typeof value === "string") return clean(value);
  if (Array.isArray(value)) return value.map(copy);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [clean(key), copy(inner)]));
}

function clean(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\uFFFD");
}
