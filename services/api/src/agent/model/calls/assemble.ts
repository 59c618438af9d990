import { usableName } from "../call-form.ts";
import type { ModelTool, OpaqueFields, ToolCall } from "../driver.ts";
import { mergeState } from "../opaque.ts";
import { type CallPiece, GROUPINGS, type PieceGroup } from "./groupings.ts";
import { objectsIn, parseJson } from "./json-text.ts";
import { resolveTool } from "./tool-name.ts";

/** A call as it was read. The id is the provider's own, or undefined where it gave none or one for several calls. */
export interface ReadCall extends Omit<ToolCall, "id"> {
  readonly id: string | undefined;
}

/** One way to understand what arrived. */
interface Reading {
  readonly calls: readonly ReadCall[];
  /** Every call names an offered tool and has arguments that this tool accepts. */
  readonly valid: boolean;
  /** How many calls change something. */
  readonly writes: number;
  /** How many calls came in one text with others. */
  readonly splits: number;
}

/**
 * Reads calls from all pieces that arrived. Index, id and name are hints, and servers break each of them, so every way to
 * group the pieces is a reading, and the tools decide: of the readings in which each call is one that its tool accepts,
 * the one with the fewest changes counts. When none is left although the pieces contradict each other, no call may run.
 */
export function assembleCalls(pieces: readonly CallPiece[], tools: readonly ModelTool[]): ReadCall[] {
  const readings = GROUPINGS.map((group) => readingOf(group(pieces), tools));
  const best = readings
    .filter((reading) => reading.valid)
    .reduce<Reading | undefined>(
      (first, next) => (first === undefined || isBetter(next, first) ? next : first),
      undefined,
    );
  if (best !== undefined) return [...best.calls];
  const [plain] = readings;
  if (plain === undefined) return [];
  const forms = new Set(readings.map(({ calls }) => JSON.stringify(calls.map((call) => [call.name, call.arguments]))));
  if (forms.size === 1) return [...plain.calls];
  return plain.calls.map((call) => ({ ...call, unreadable: unreadable(call) }));
}

function isBetter(one: Reading, other: Reading): boolean {
  return one.writes !== other.writes ? one.writes < other.writes : one.splits < other.splits;
}

function unreadable(call: ReadCall): string {
  const arrived = call.arguments.length > 300 ? `${call.arguments.slice(0, 300)}…` : call.arguments;
  return `Not run: the calls of this answer can't be told apart. What arrived for ${call.name}: ${arrived}. Send one call at a time, each with one JSON object.`;
}

function readingOf(groups: readonly PieceGroup[], tools: readonly ModelTool[]): Reading {
  const read = groups.map((group) => readGroup(group, tools));
  const calls = read.flatMap((entry) => entry.calls);
  return {
    calls,
    valid: read.every((entry) => entry.valid),
    writes: read.reduce((sum, entry) => sum + (entry.readOnly ? 0 : entry.calls.length), 0),
    splits: read.reduce((sum, entry) => sum + entry.calls.length - 1, 0),
  };
}

function readGroup(group: PieceGroup, tools: readonly ModelTool[]) {
  const { tool, name } = nameOf(group, tools);
  const [firstId] = group.ids;
  const state = stateOf(group);
  const extra = state === undefined ? {} : { state };
  for (const text of textsOf(group)) {
    const accepted = tool === undefined ? undefined : objectsIn(text)?.map((object) => tool.accept(object));
    if (tool === undefined || accepted === undefined || accepted.length === 0 || accepted.includes(undefined)) continue;
    const calls = accepted.map((object, at): ReadCall => {
      const id = at === 0 ? firstId : undefined;
      return { id, name: tool.name, arguments: JSON.stringify(object), ...(at === 0 ? extra : {}) };
    });
    return { calls, valid: true, readOnly: tool.readOnly };
  }
  const [text = ""] = textsOf(group);
  const call: ReadCall = { id: firstId, name: usableName(tool?.name ?? name), arguments: text, ...extra };
  return { calls: [call], valid: false, readOnly: tool?.readOnly ?? false };
}

/** Maximum number of different names of one call that are looked at. */
const NAMES_MAX = 64;

/** A name may come whole, in every piece, or cut into pieces. */
function nameOf(
  { names, pieces }: PieceGroup,
  tools: readonly ModelTool[],
): { tool?: ModelTool | undefined; name: string } {
  const written = [...names].slice(0, NAMES_MAX);
  const name = written[0] ?? "";
  const joined = pieces
    .map((piece) => piece.name ?? "")
    .join("")
    .slice(0, 1_000);
  const whole = tools.find((tool) => tool.name === joined);
  if (whole !== undefined) return { tool: whole, name };
  const found = new Set(written.flatMap((one) => resolveTool(one, tools) ?? []));
  if (found.size === 1) return { tool: [...found][0], name };
  return { tool: found.size === 0 ? resolveTool(joined, tools) : undefined, name };
}

/** The text of the arguments: the pieces one after the other, or the last one where each repeats what was sent so far. */
function textsOf({ pieces }: PieceGroup): string[] {
  const parts = pieces.flatMap((piece) => piece.arguments ?? []).filter((part) => part !== "");
  const last = parts.at(-1) ?? "";
  const growing = parts.length > 1 && parts.every((part, at) => at === 0 || part.startsWith(parts[at - 1] ?? ""));
  return growing && parseJson(last) !== undefined ? [parts.join(""), last] : [parts.join("")];
}

function stateOf({ pieces }: PieceGroup): OpaqueFields | undefined {
  const merged = pieces.reduce<OpaqueFields>((state, piece) => mergeState(state, piece.state ?? {}), {});
  return Object.keys(merged).length === 0 ? undefined : merged;
}
