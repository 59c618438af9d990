import type { jsonSchemaValidator } from "@modelcontextprotocol/client";
import { INJECTED } from "@taskassistant/contracts";
import type { JsonSchema, McpTool } from "../mcp/port.ts";
import type { ModelTool } from "./messages.ts";

/** What became of a call the model asked for. `input` is what is shown and stored: never an injected value of ours. */
export type PreparedCall =
  | { kind: "ready"; tool: McpTool; input: Record<string, unknown>; args: Record<string, unknown> }
  | { kind: "refused"; input: unknown; error: string; injected?: string };

export type ToolAdapter = {
  /** The tools without their injected arguments, in the server's order. */
  tools: readonly ModelTool[];
  /** Checks a call of the model and adds what the API injects. */
  prepare(name: string, argumentsText: string): PreparedCall;
};

/** Longest arguments of one call, in characters. */
const ARGUMENTS_MAX = 100_000;
/** Deepest nesting of the arguments of one call. */
const DEPTH_MAX = 16;

/**
 * Stands between the model and the MCP server (wall 4). Schema properties marked `x-injected` are removed before the
 * model sees them and filled from the verified token. A model that sends such a property itself, at any depth and in any
 * spelling, is refused: it can only have got the idea from text it read.
 */
export function createToolAdapter(deps: {
  tools: readonly McpTool[];
  /** Values by the name in `x-injected`, such as `{ sub: <user id> }`. */
  injected: Record<string, string>;
  validator: jsonSchemaValidator;
}): ToolAdapter {
  const entries = deps.tools.map((tool) => entryOf(tool, deps.injected));
  const byName = new Map(entries.map((entry) => [entry.tool.name, entry]));

  const prepare = (name: string, argumentsText: string): PreparedCall => {
    const input = parseArguments(argumentsText);
    const entry = byName.get(name);
    if (entry === undefined) {
      return {
        kind: "refused",
        input: input ?? {},
        error: `There is no tool ${name.slice(0, 100)}. ${knownTools(byName)}`,
      };
    }
    if (!isRecord(input)) {
      return {
        kind: "refused",
        input: {},
        error: `The arguments of ${name} are not a JSON object of reasonable size and depth. Send one.`,
      };
    }
    const injected = findKey(input, entry.hidden);
    if (injected !== undefined) {
      return {
        kind: "refused",
        input,
        injected,
        error: `${name} does not take ${injected}: whose tasks these are is decided by the sign-in, not by an argument. Call it without.`,
      };
    }
    const args = { ...input, ...entry.values };
    const check = deps.validator.getValidator(entry.tool.inputSchema)(args);
    if (!check.valid) {
      return { kind: "refused", input, error: `The arguments of ${name} are wrong: ${check.errorMessage}.` };
    }
    return { kind: "ready", tool: entry.tool, input, args };
  };

  return { tools: entries.map((entry) => entry.visible), prepare };
}

type Entry = {
  tool: McpTool;
  visible: ModelTool;
  /** Normalised names of the injected properties. */
  hidden: ReadonlySet<string>;
  /** The injected arguments. */
  values: Record<string, string>;
};

function entryOf(tool: McpTool, injected: Record<string, string>): Entry {
  const hidden = new Set<string>();
  const parameters = withoutInjected(tool.inputSchema, hidden);
  const values: Record<string, string> = {};
  for (const [name, schema] of Object.entries(propertiesOf(tool.inputSchema))) {
    const source = isRecord(schema) ? schema[INJECTED] : undefined;
    if (source === undefined) continue;
    const value = typeof source === "string" ? injected[source] : undefined;
    if (value === undefined)
      throw new Error(`${tool.name}.${name} asks for an injected value nobody knows: ${String(source)}`);
    values[name] = value;
  }
  return { tool, hidden, values, visible: { name: tool.name, description: tool.description, parameters } };
}

/** A copy of a schema without the properties marked `x-injected`, at every depth; their names go to `hidden`. */
function withoutInjected(schema: JsonSchema, hidden: Set<string>): JsonSchema {
  const copy: JsonSchema = {};
  const removed = new Set<string>();
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === "properties" && isRecord(value)) {
      const kept: JsonSchema = {};
      for (const [name, property] of Object.entries(value)) {
        if (isRecord(property) && INJECTED in property) {
          removed.add(name);
          hidden.add(normalise(name));
        } else kept[name] = strip(property, hidden);
      }
      copy[keyword] = kept;
    } else copy[keyword] = strip(value, hidden);
  }
  if (Array.isArray(copy.required)) copy.required = copy.required.filter((name) => !removed.has(String(name)));
  return copy;
}

function strip(value: unknown, hidden: Set<string>): unknown {
  if (Array.isArray(value)) return value.map((item) => strip(item, hidden));
  return isRecord(value) ? withoutInjected(value, hidden) : value;
}

/** The first key of the arguments, at any depth, that is one of the hidden names. Iterative: the model picks the depth. */
function findKey(input: unknown, hidden: ReadonlySet<string>): string | undefined {
  const waiting: unknown[] = [input];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (Array.isArray(value)) for (const item of value) waiting.push(item);
    else if (isRecord(value)) {
      for (const [key, inner] of Object.entries(value)) {
        if (hidden.has(normalise(key))) return key;
        if (typeof inner === "object" && inner !== null) waiting.push(inner);
      }
    }
  }
  return undefined;
}

function isDeeperThan(input: unknown, limit: number): boolean {
  let level: unknown[] = [input];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true;
    level = level.flatMap((value) => (typeof value === "object" && value !== null ? Object.values(value) : []));
  }
  return false;
}

/** `user_id`, `userId`, `User-ID` and look-alikes in other scripts' compatibility forms are one name. */
function normalise(name: string): string {
  return name
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
}

function parseArguments(text: string): unknown {
  if (text.length > ARGUMENTS_MAX) return undefined;
  if (text.trim() === "") return {};
  try {
    const parsed: unknown = JSON.parse(text);
    return isDeeperThan(parsed, DEPTH_MAX) ? undefined : parsed;
  } catch {
    return undefined;
  }
}

function knownTools(byName: ReadonlyMap<string, unknown>): string {
  return `The tools are: ${[...byName.keys()].join(", ")}.`;
}

function propertiesOf(schema: JsonSchema): Record<string, unknown> {
  return isRecord(schema.properties) ? schema.properties : {};
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
