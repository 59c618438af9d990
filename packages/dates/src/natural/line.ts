import { ENGLISH } from "./english.ts";
import { GERMAN } from "./german.ts";
import type { Surroundings } from "./reading.ts";
import { type Token, tokensOf } from "./tokens.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** Order of day (D), month (M) and year (Y) in numeric dates. */
export type NumericOrder = "DMY" | "MDY" | "YMD";

/** A typed text as its rules see it. */
export interface Line {
  readonly tokens: readonly Token[];
  /** Languages in which the text is read, the person's own first. */
  readonly languages: readonly Vocabulary[];
  readonly order: NumericOrder;
  /** Whether the person's numeric dates are written with dots. */
  readonly dots: boolean;
  readonly now: Surroundings;
}

export function lineOf(text: string, now: Surroundings): Line {
  return { tokens: tokensOf(text), languages: languagesOf(now.locale), ...numericForm(now.locale), now };
}

/** People who use the page in German also write "tomorrow"; in an English text "so", "do" and "am" are English. */
function languagesOf(locale: string): Vocabulary[] {
  return /^de\b/i.test(locale) ? [GERMAN, ENGLISH] : [ENGLISH];
}

function numericForm(locale: string): Pick<Line, "order" | "dots"> {
  const options = { year: "numeric", month: "numeric", day: "numeric", calendar: "gregory" } as const;
  const parts = new Intl.DateTimeFormat(locale, options).formatToParts(0);
  const order = parts
    .flatMap(({ type }) => (type === "day" || type === "month" || type === "year" ? type.charAt(0).toUpperCase() : []))
    .join("");
  return {
    order: order === "MDY" || order === "YMD" ? order : "DMY",
    dots: parts.some(({ type, value }) => type === "literal" && value.trim() === "."),
  };
}

/** The word at an index, or "" where the text ends or quotes. */
export function wordAt({ tokens }: Line, index: number): string {
  const token = tokens[index];
  return token === undefined || token.literal ? "" : token.word;
}

/** The word at `index` if nothing but a blank, or the dot of an abbreviation, stands between it and the word before. */
export function nextWord(line: Line, index: number): string {
  return /[,:;!?)\]}]/.test(line.tokens[index - 1]?.after ?? "") ? "" : wordAt(line, index);
}

type WordSet = {
  [K in keyof Vocabulary]: Vocabulary[K] extends ReadonlySet<string> ? K : never;
}[keyof Vocabulary];

/** Whether a word is one of a kind in any of the languages. */
export function isA({ languages }: Line, word: string, ...kinds: readonly WordSet[]): boolean {
  return word !== "" && languages.some((language) => kinds.some((kind) => language[kind].has(word)));
}

type WordTable = "numbers" | "ordinals" | "units" | "adverbs" | "dayParts";

/** What a word means in a table of any of the languages. */
export function meaningOf<T extends WordTable>(
  { languages }: Line,
  table: T,
  word: string,
): Vocabulary[T][string] | undefined {
  for (const language of languages) {
    const found: Vocabulary[T] = language[table];
    if (Object.hasOwn(found, word)) return found[word] as Vocabulary[T][string];
  }
  return undefined;
}

type WordLists = "weekdays" | "months";

/** The index of the list that holds the word, such as the number of a weekday. */
export function indexOf({ languages }: Line, lists: WordLists, word: string): number | undefined {
  for (const language of languages) {
    const found = language[lists].findIndex((names) => names.includes(word));
    if (found >= 0) return found;
  }
  return undefined;
}

/** The longest of some sequences of words that starts at an index: the index behind it. */
export function sequenceAt(line: Line, index: number, sequences: readonly (readonly string[])[]): number | undefined {
  const fits = (words: readonly string[]) =>
    words.every((word, offset) => (offset === 0 ? wordAt(line, index) : nextWord(line, index + offset)) === word);
  const lengths = sequences.filter((words) => words.length > 0 && fits(words)).map(({ length }) => length);
  return lengths.length === 0 ? undefined : index + Math.max(...lengths);
}

/** A number in digits or words. */
export function countAt(line: Line, index: number): number | undefined {
  const word = nextWord(line, index);
  if (/^\d{1,3}$/.test(word)) return Number(word);
  return meaningOf(line, "numbers", word);
}
