import { isIP } from "node:net";
import { z } from "zod";

/** How a model can fail, as the API tells it. */
export const MODEL_FAILURES = [
  "key",
  "quota",
  "no_model",
  "other_api",
  "tools",
  "access",
  "redirect",
  "plain_http",
  "address",
  "refused",
  "busy",
  "problem",
  "timeout",
  "unreachable",
  "broken",
] as const;
export type ModelFailureKind = (typeof MODEL_FAILURES)[number];

/** What a check can find that is no failure. */
const MODEL_CHECKS = ["offered", "not_listed", "reachable"] as const;
export type ModelCheck = (typeof MODEL_CHECKS)[number];

/** How the model did last, from the reports of all API pods. */
export type ModelState =
  /** `checked`: nobody has asked it yet, and this is what a check found without a question. */
  | { readonly fails: false; readonly checked?: ModelCheck }
  | {
      readonly fails: true;
      readonly kind: ModelFailureKind;
      readonly status?: number;
      /** What the model server said. */
      readonly words?: string;
      /** When the failures began, as an ISO time. */
      readonly since: string;
    };

/** Longest quotation of the model server's words. The owner of an assistant chooses the image that reports them. */
const WORDS_MAX = 300;

const time = z.iso.datetime().max(30);
const reportSchema = z.object({
  answeredAt: time.optional(),
  checked: z
    .object({ at: time, outcome: z.enum(MODEL_CHECKS) })
    .optional()
    .catch(undefined),
  failure: z
    .object({
      kind: z.enum(MODEL_FAILURES).catch("refused"),
      status: z.number().int().min(100).max(599).optional().catch(undefined),
      words: z.string().max(4_000).optional().catch(undefined),
      since: time,
      at: time,
    })
    .optional(),
});

/** A report as one API pod gives it. */
export type ModelReport = z.infer<typeof reportSchema>;

/** Reads a report; undefined for anything else. */
export function parseModelReport(text: string): ModelReport | undefined {
  try {
    const read = reportSchema.safeParse(JSON.parse(text));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}

/** What the reports of all pods together say: what happened last counts. Undefined when the model was not asked yet. */
export function modelStateOf(reports: readonly ModelReport[]): ModelState | undefined {
  const lastAnswer = reports.reduce((latest, { answeredAt = "" }) => (answeredAt > latest ? answeredAt : latest), "");
  const failures = reports.flatMap(({ failure }) =>
    failure !== undefined && failure.at > lastAnswer ? [failure] : [],
  );
  const [newest] = failures.toSorted((a, b) => b.at.localeCompare(a.at));
  if (newest === undefined) {
    if (lastAnswer !== "") return { fails: false };
    const [check] = reports.flatMap(({ checked }) => checked ?? []).toSorted((a, b) => b.at.localeCompare(a.at));
    return check === undefined ? undefined : { fails: false, checked: check.outcome };
  }
  const { kind, status, words } = newest;
  const [since = newest.since] = failures.map((each) => each.since).toSorted();
  return {
    fails: true,
    kind,
    ...(status === undefined ? {} : { status }),
    ...(words === undefined || words === "" ? {} : { words: words.slice(0, WORDS_MAX) }),
    since,
  };
}

/** The part of a URL that names an address; undefined for what is none. */
export function hostOf(address: string): string | undefined {
  const version = isIP(address);
  return version === 0 ? undefined : version === 6 ? `[${address}]` : address;
}
