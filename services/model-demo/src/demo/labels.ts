import { unquoted } from "./text.ts";

/** What a sentence says about where a task belongs, and the rest of it. */
export interface Labelled {
  readonly title: string;
  readonly project?: string;
  readonly tags: readonly string[];
}

const NAME = `["“«]?[\\p{L}\\p{N}][^,.;!?"”»]{0,48}["”»]?`;
const IN_PROJECT = new RegExp(`,?\\s+(?:in|to|into|under|for) (?:the |my )?project (${NAME})$`, "iu");
const IN_NAMED_PROJECT = new RegExp(`,?\\s+(?:in|to|into|under|for) (?:the|my) (${NAME}) project$`, "iu");
const TAGGED = new RegExp(
  `,?\\s+(?:and )?(?:(?:tagged|labelled|labeled)(?: with| as)?|tag it(?: with| as)?|with the tags?|with tags?) (${NAME}(?:, ?${NAME})*)$`,
  "iu",
);

/** "write report in project Work, tagged urgent and calls" -> the title, the project and the tags. */
export function splitLabels(text: string): Labelled {
  const tagged = TAGGED.exec(text);
  const before = tagged === null ? text : text.slice(0, tagged.index);
  const tags = namesOf(tagged?.[1] ?? "");
  const found = IN_PROJECT.exec(before) ?? IN_NAMED_PROJECT.exec(before);
  if (found?.[1] === undefined) return { title: before, tags };
  return { title: before.slice(0, found.index), project: nameOf(found[1]), tags };
}

/** "urgent and calls" -> both names. */
export function namesOf(text: string): string[] {
  return text
    .split(/\s*,\s*(?:and\s+)?|\s+and\s+/i)
    .map(nameOf)
    .filter((name) => name !== "");
}

function nameOf(text: string): string {
  return unquoted(text.trim()).replace(/^[#@]/, "").trim();
}
