import { isDeepStrictEqual } from "node:util";
import { plainText } from "@taskassistant/kit/failures";
import type { TaskAssistantStatus } from "../../api/taskassistants/v1alpha1/index.ts";
import type { Snapshot } from "../observe/snapshot.ts";
import { isPlanned, type PlannedChange } from "../plan/freeze.ts";
import type { Plan } from "../plan/plan.ts";
import type { Finding } from "./findings/finding.ts";
import { planSummary, restartedBy } from "./findings/summary/plan-summary.ts";
import { fieldText, shownField } from "./shown-values.ts";

type PlanStatus = NonNullable<TaskAssistantStatus["plan"]>;
type ShownChange = NonNullable<PlanStatus["changes"]>[number];

/** Bounds of a plan in the status: objects, fields of one object, and bytes of all of them. */
const CHANGES_MAX = 50;
const FIELDS_MAX = 10;
const BYTES_MAX = 16_384;
const WORDS_MAX = 300;

/** `status.plan`, if the resource asks for it. Its time stays while nothing else in it changes. */
export function planStatus(
  { assistant, now }: Snapshot,
  plan: Plan,
  findings: readonly Finding[],
): PlanStatus | undefined {
  if (plan.frozen === undefined || !isPlanned(assistant)) return undefined;
  const blocked = findings.find(({ type, status, needsUser }) => BLOCKING.has(type) && status !== "True" && needsUser);
  const restarts = restartedBy(plan.frozen);
  const content = {
    summary: planSummary(plan.frozen),
    generation: assistant.metadata.generation ?? 0,
    migration: plan.frozen.migrates,
    ...(blocked === undefined ? {} : { blocked: `${blocked.type}: ${blocked.message}` }),
    ...(restarts.length === 0 ? {} : { restarts }),
    ...bounded(plan.frozen.changes),
  };
  const { madeAt, ...before } = assistant.status?.plan ?? {};
  const isSame = madeAt !== undefined && isDeepStrictEqual(before, content);
  return { ...content, madeAt: isSame ? madeAt : `${now.toISOString().slice(0, 19)}Z` };
}

const BLOCKING: ReadonlySet<string> = new Set(["Accepted", "DatabaseReady"]);

function bounded(changes: readonly PlannedChange[]): Pick<PlanStatus, "changes" | "moreChanges"> {
  const shown: ShownChange[] = [];
  let bytes = 0;
  for (const change of changes.slice(0, CHANGES_MAX)) {
    const next = shownChange(change);
    bytes += Buffer.byteLength(JSON.stringify(next));
    if (bytes > BYTES_MAX) break;
    shown.push(next);
  }
  const more = changes.length - shown.length;
  return { ...(shown.length === 0 ? {} : { changes: shown }), ...(more === 0 ? {} : { moreChanges: more }) };
}

function shownChange({ action, kind, name, fields, refused }: PlannedChange): ShownChange {
  const shown = marksLast(fields).slice(0, FIELDS_MAX).map(shownField);
  const more = fields.length - shown.length;
  const words = refused === undefined ? undefined : plainText(refused).slice(-WORDS_MAX);
  const what = words ?? shown.slice(0, 3).map(fieldText).join("; ");
  const rest = fields.length > 3 ? `; ${fields.length - 3} more` : "";
  return {
    action,
    kind,
    name,
    summary: `${action} ${kind} ${name}${words !== undefined ? `, which the API server would refuse: ${words}` : what === "" ? "" : `: ${what}${rest}`}`,
    ...(shown.length === 0 ? {} : { fields: shown }),
    ...(more === 0 ? {} : { moreFields: more }),
    ...(words === undefined ? {} : { refused: words }),
  };
}

/** The operator's own marks come last, because they follow from the rest. */
function marksLast(fields: PlannedChange["fields"]): PlannedChange["fields"] {
  const isMark = ({ path }: PlannedChange["fields"][number]) => path.includes(".annotations");
  return [...fields.filter((field) => !isMark(field)), ...fields.filter(isMark)];
}
