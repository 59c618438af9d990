import { readFileSync } from "node:fs";
import { z } from "zod";
import { respondAsDemo } from "../demo/respond.ts";
import type { Respond } from "../server.ts";
import { type ModelRequest, textOf } from "../wire/request.ts";
import { stepSchema } from "../wire/steps.ts";

/** One rule: for messages of the user that match, what to answer in each round of the run. */
const ruleSchema = z.strictObject({
  /** A regular expression (case-insensitive) on the last message of the user. */
  match: z.string(),
  /** Round 0 answers the message itself, round 1 the first tool results, and so on. */
  rounds: z.array(z.array(stepSchema)).min(1),
  /** Repeats the last round without end instead of falling silent. */
  loop: z.boolean().default(false),
  /** Maximum number of requests that the rule answers, such as errors that heal. Then the next matching rule answers. */
  times: z.int().positive().optional(),
});

/** The content of `MODEL_SCRIPT_FILE`. The first rule that matches answers; without one the demo model does. */
export const scriptSchema = z.strictObject({
  rules: z.array(ruleSchema).default([]),
  models: z.array(z.string()).min(1).default(["demo"]),
  /** Accepted API keys; any or none when missing. */
  api_keys: z.array(z.string()).optional(),
});
export type Script = z.output<typeof scriptSchema>;

/** Reads and checks a script. Throws with the path and what is wrong. */
export function readScript(file: string): Script {
  try {
    return scriptSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new Error(`MODEL_SCRIPT_FILE ${file} is not a script: ${why}`, { cause: error });
  }
}

/** The model a script describes. */
export function respondByScript(script: Pick<Script, "rules">): Respond {
  const rules = script.rules.map((rule) => ({ ...rule, pattern: new RegExp(rule.match, "i"), used: 0 }));
  return (request) => {
    const { text, round } = positionOf(request);
    const rule = rules.find(({ pattern, times, used }) => pattern.test(text) && (times === undefined || used < times));
    if (rule === undefined) return respondAsDemo(request);
    rule.used += 1;
    const steps = rule.rounds[round] ?? (rule.loop ? rule.rounds.at(-1) : undefined);
    return steps ?? [{ type: "text", text: "That is all." }];
  };
}

/** The last message of the user, and how many answers of the model came after it. */
function positionOf(request: ModelRequest): { text: string; round: number } {
  const at = request.messages.findLastIndex((message) => message.role === "user");
  const user = request.messages[at];
  const round = request.messages.slice(at + 1).filter((message) => message.role === "assistant").length;
  return { text: user === undefined ? "" : textOf(user), round };
}
