import { type Named, repairRefusal } from "../../../words/advice.ts";
import { sentence } from "../../../words/quote.ts";
import type { ApplyProblem } from "../../apply/problem.ts";

/** Objects that are named one by one. One cause, such as a webhook, may prevent all of them. */
const NAMED_MAX = 3;

/**
 * What prevented the writes that were refused, or that failed, in the server's words and with the next command; undefined
 * when there was none.
 */
export function describeProblems(
  { namespace }: Named,
  problems: readonly ApplyProblem[],
  kind: "refused" | "failed",
): string | undefined {
  const found = problems
    .filter((problem) => problem.kind === "refused" || problem.kind === "failed")
    .filter((problem) => problem.kind === kind);
  if (found.length === 0) return undefined;
  const named = found.slice(0, NAMED_MAX).map(({ object, message }) => sentence(`${object}: ${message}`));
  const more = found.length - named.length;
  if (more > 0) named.push(`And ${more} more.`);
  const advice =
    kind === "refused"
      ? [...new Set(found.map(({ object, message }) => repairRefusal(namespace, object, message)))]
      : ["The operator tries again every ten seconds."];
  return [...named, ...advice].join(" ");
}
