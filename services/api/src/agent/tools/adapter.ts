import type { jsonSchemaValidator } from "@modelcontextprotocol/client";
import { INJECTED, isRecord } from "@taskassistant/contracts";
import type { JsonSchema, McpTool } from "../../mcp/port.ts";
import { findKey, normalise, parseArguments } from "./arguments.ts";
import type { ModelTool } from "../model/driver.ts";

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

  const allHidden = new Set(entries.flatMap((entry) => [...entry.hidden]));

  const prepare = (name: string, argumentsText: string): PreparedCall => {
    const { written, value, shown } = parseArguments(argumentsText);
    const input = isRecord(shown) ? shown : {};
    const entry = byName.get(name);
    // First of all: an attempt is to be known as one, whatever else is wrong with the call.
    const injected = findKey(written, entry?.hidden ?? allHidden)?.slice(0, 100);
    if (entry === undefined) {
      return {
        kind: "refused",
        input,
        ...(injected === undefined ? {} : { injected }),
        error: `There is no tool ${name.slice(0, 100)}. ${knownTools(byName)}`,
      };
    }
    if (injected !== undefined) {
      return {
        kind: "refused",
        input,
        injected,
        error: `${name} does not take ${injected}: whose tasks these are is decided by the sign-in, not by an argument. Call it without.`,
      };
    }
    if (!isRecord(value)) {
      return {
        kind: "refused",
        input,
        error: `The arguments of ${name} are not a JSON object of reasonable size and depth. Send one.`,
      };
    }
    const unknown = unknownArguments(value, entry);
    if (unknown !== undefined) return { kind: "refused", input, error: unknown };
    const args = { ...input, ...entry.values };
    const check = deps.validator.getValidator(entry.tool.inputSchema)(args);
    if (!check.valid) {
      return { kind: "refused", input, error: `The arguments of ${name} are wrong: ${check.errorMessage}.` };
    }
    return { kind: "ready", tool: entry.tool, input, args };
  };

  return { tools: entries.map((entry) => entry.visible), prepare };
}

/** The validator would only say that there is something additional, not what and what else there is. */
function unknownArguments(input: Record<string, unknown>, { tool, visible }: Entry): string | undefined {
  if (tool.inputSchema.additionalProperties !== false) return undefined;
  const known = Object.keys(propertiesOf(visible.parameters));
  const unknown = Object.keys(input).filter((name) => !known.includes(name));
  if (unknown.length === 0) return undefined;
  return `${tool.name} has no argument ${unknown.slice(0, 5).join(", ").slice(0, 200)}. It takes: ${known.join(", ")}.`;
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

function knownTools(byName: ReadonlyMap<string, unknown>): string {
  return `The tools are: ${[...byName.keys()].join(", ")}.`;
}

function propertiesOf(schema: JsonSchema): Record<string, unknown> {
  return isRecord(schema.properties) ? schema.properties : {};
}
