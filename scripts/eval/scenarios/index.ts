import { BULK } from "./bulk.ts";
import { DATES } from "./dates.ts";
import { GERMAN } from "./german.ts";
import { HOSTILE } from "./hostile.ts";
import { NAMES } from "./names.ts";
import { PAGES } from "./pages.ts";
import { QUESTIONS } from "./questions.ts";
import type { Theme } from "./scenario.ts";
import { TIMES } from "./times.ts";
import { TRASH } from "./trash.ts";

export { DEFAULT_ZONE, type Play, type Scenario, type Theme } from "./scenario.ts";

/** Every conversation of `make eval`. */
export const THEMES: readonly Theme[] = [DATES, TIMES, NAMES, BULK, HOSTILE, PAGES, TRASH, QUESTIONS, GERMAN];
