/** Parameters that carry the request itself, which `model.extraBody` can't set. */
const RESERVED = ["model", "messages", "tools", "stream"];

/** What is wrong with `model.extraBody`; undefined when it can be used. The API server can't read JSON in a string. */
export function extraBodyProblem(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "it is not JSON";
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "it is not a JSON object";
  const reserved = RESERVED.filter((name) => name in value);
  return reserved.length === 0 ? undefined : `it can't set ${reserved.join(", ")}`;
}
