import { childId } from "../../observe/snapshot.ts";
import type { Plan } from "../../plan/plan.ts";
import type { Gate } from "../../plan/waiting.ts";

const WORDS: { readonly [K in Exclude<Gate["kind"], "data">]: string } = {
  credentials: "its credentials",
  dataVolume: "the data volume",
  removalOfFailedJob: "the failed Job to be removed",
  resumption: "spec.suspend to become false",
  database: "the database",
  migration: "the migration",
  paused: "the pause to end",
  planned: "the plan to be carried out",
};

/** What a child waits for, to follow "is waiting for"; undefined when it does not wait. */
export function waitsFor(plan: Plan, kind: string, name: string): string | undefined {
  const gate = plan.waiting.get(childId(kind, name));
  if (gate === undefined) return undefined;
  if (gate.kind !== "data") return WORDS[gate.kind];
  const object = `${gate.source.kind} ${gate.source.name}`;
  return gate.key === undefined ? object : `key ${gate.key} of ${object}`;
}
