import { isRecord } from "@taskassistant/contracts";
import type { OpaqueFields } from "../driver.ts";
import { parseJson } from "./json-text.ts";

/** A piece of a call as it came over the wire. Empty hints are left out. */
export interface CallPiece {
  readonly index?: number;
  readonly id?: string;
  readonly name?: string;
  readonly arguments?: string;
  /** Fields of the provider on this call. */
  readonly state?: OpaqueFields;
}

/** The pieces of one call. */
export interface PieceGroup {
  readonly pieces: CallPiece[];
  readonly ids: Set<string>;
  readonly names: Set<string>;
  readonly indexes: Set<number>;
}

/** Whether a piece begins a new call although its index or id says that it continues this one. */
type Boundary = (group: PieceGroup, piece: CallPiece) => boolean;

/** How often one grouping looks whether a call is complete. More calls than this are refused anyway. */
const LOOKS_MAX = 64;

/** Where calls begin, by what servers do, the documented way first. */
const BOUNDARIES: readonly (() => Boundary)[] = [
  // The index alone decides, as OpenAI documents it. Older vLLM sends another id with every piece.
  () => () => false,
  // All calls are numbered 0 and have ids of their own: Gemini's compatible endpoint, Ollama.
  () =>
    ({ ids }, { id }) =>
      id !== undefined && ids.size > 0 && !ids.has(id),
  // All calls are numbered 0 without ids, and a call without arguments is followed by another tool.
  () =>
    ({ names }, { name }) =>
      name !== undefined && names.size > 0 && !names.has(name),
  // All calls are numbered 0 without ids, and each is complete before the next one begins: Gemini behind proxies.
  () => {
    let looks = 0;
    return (group, { name, arguments: text = "" }) => {
      const mayBegin = name === undefined ? text.trimStart().startsWith("{") : group.names.size > 0;
      return mayBegin && looks++ < LOOKS_MAX && isWhole(group);
    };
  },
  // Every piece with a name is a call, even one without arguments.
  () =>
    ({ names }, { name }) =>
      name !== undefined && names.size > 0,
];

type Grouping = (pieces: readonly CallPiece[]) => PieceGroup[];

/** Every way to divide the pieces into calls, the documented one first. */
export const GROUPINGS: readonly Grouping[] = [
  ...BOUNDARIES.map((boundary) => groupedBy(sameCall, boundary)),
  // The ids alone decide: gateways in front of DeepSeek number the end of a call otherwise than its beginning.
  groupedBy(sameId, () => () => false),
];

function groupedBy(same: typeof sameCall, boundary: () => Boundary): Grouping {
  return (pieces) => {
    const begins = boundary();
    const groups: PieceGroup[] = [];
    for (const piece of pieces) {
      let group = same(piece, groups);
      if (group === undefined || begins(group, piece)) {
        group = { pieces: [], ids: new Set(), names: new Set(), indexes: new Set() };
        groups.push(group);
      }
      add(group, piece);
    }
    return groups;
  };
}

function add(group: PieceGroup, piece: CallPiece): void {
  group.pieces.push(piece);
  if (piece.id !== undefined) group.ids.add(piece.id);
  if (piece.name !== undefined) group.names.add(piece.name);
  if (piece.index !== undefined) group.indexes.add(piece.index);
}

/** The newest call with the piece's index or, without an index, with its id. A piece without either continues the last call. */
function sameCall({ index, id }: CallPiece, groups: readonly PieceGroup[]): PieceGroup | undefined {
  if (index !== undefined) return groups.findLast((group) => group.indexes.has(index));
  const last = groups.at(-1);
  if (id === undefined) return last;
  // The id of a call may come after its name.
  return (
    groups.findLast((group) => group.ids.has(id)) ??
    (last?.ids.size === 0 && last.indexes.size === 0 ? last : undefined)
  );
}

/** The call with the piece's id. A piece without an id continues the last call. */
function sameId({ id }: CallPiece, groups: readonly PieceGroup[]): PieceGroup | undefined {
  return id === undefined ? groups.at(-1) : groups.findLast((group) => group.ids.has(id));
}

function isWhole({ pieces }: PieceGroup): boolean {
  const value = parseJson(pieces.map((piece) => piece.arguments ?? "").join(""));
  return isRecord(value) && Object.keys(value).length > 0;
}
