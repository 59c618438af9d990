import type { jsonSchemaValidator } from "@modelcontextprotocol/client";
import { INJECTED, isRecord } from "@taskassistant/contracts";
import type { JsonSchema, McpTool } from "../../mcp/port.ts";
import type { ModelTool } from "../model/driver.ts";
import { explainArguments } from "./explain-arguments.ts";
import { fitToSchema, type IsValid } from "./fit-to-schema.ts";
import { findKey, hasReserved, normalise, parseArguments, withoutReserved } from "./parse-arguments.ts";

/** What is to be done with a call. `input` is what is shown and stored; it never has an injected value. */
export type PreparedCall =
  | { kind: "ready"; tool: McpTool; input: Record<string, unknown>; args: Record<string, unknown> }
  | { kind: "refused"; input: unknown; error: string; reason: RefusalReason; injected?: string };

/** Why a call is not made, as a stable word for the audit. */
export type RefusalReason =
  | "injected_argument"
  | "unknown_tool"
  | "malformed_arguments"
  | "invalid_arguments"
  /** The answer was cut, or made more calls than one may. */
  | "not_run";

export interface ToolAdapter {
  /** The tools without their injected arguments, in the server's order. */
  readonly tools: readonly ModelTool[];
  /** Checks a call of the model and adds the arguments that the API injects. */
  prepare(name: string, argumentsText: string): PreparedCall;
}

/**
 * Stands between the model and the MCP server (wall 4). It removes schema properties marked `x-injected` before the model
 * sees them and fills them from the verified token. It refuses a call in which the model sends such a property itself, at
 * any depth and in any spelling. The model never sees these properties, so some text it read must have asked for them.
 */
export function createToolAdapter(deps: {
  tools: readonly McpTool[];
  /** Values by the name in `x-injected`, such as `{ sub: <user id> }`. */
  injected: Record<string, string>;
  validator: jsonSchemaValidator;
}): ToolAdapter {
  const isValid: IsValid = (schema, value) => deps.validator.getValidator(schema)(value).valid;
  const entries = deps.tools.map((tool) => entryOf(tool, { injected: deps.injected, isValid }));
  const byName = new Map(entries.map((entry) => [entry.tool.name, entry]));
  const allHidden = new Set(entries.flatMap((entry) => [...entry.hidden]));

  return { tools: entries.map((entry) => entry.visible), prepare };

  function prepare(name: string, argumentsText: string): PreparedCall {
    const { written, value } = parseArguments(argumentsText);
    const input = withoutReserved(value ?? {});
    const entry = byName.get(name);
    // This comes first: an attempt must be recognised as one, whatever else is wrong with the call.
    const injected = findKey(written, entry?.hidden ?? allHidden)?.slice(0, 100);
    const refused = (reason: RefusalReason, error: string): PreparedCall =>
      injected === undefined
        ? { kind: "refused", input, error, reason }
        : { kind: "refused", input, error, reason: "injected_argument", injected };

    if (entry === undefined) {
      return refused("unknown_tool", `There is no tool ${name.slice(0, 100)}. ${knownTools(byName)}`);
    }
    if (injected !== undefined) {
      return refused(
        "injected_argument",
        `${name} does not take ${injected}: the sign-in decides whose tasks these are. Call it without this argument.`,
      );
    }
    if (value === undefined) {
      return refused(
        "malformed_arguments",
        `The arguments of ${name} are not a JSON object of reasonable size and depth. Send one.`,
      );
    }
    const fitted = entry.visible.accept(value);
    if (fitted === undefined) return refused("invalid_arguments", whyRefused(value, entry, isValid));
    return { kind: "ready", tool: entry.tool, input: fitted, args: { ...fitted, ...entry.values } };
  }
}

/** Why a tool refuses these arguments, for the model. */
function whyRefused(value: Record<string, unknown>, entry: Entry, isValid: IsValid): string {
  const { tool } = entry;
  const wrong =
    unknownArguments(value, entry) ?? explainArguments(tool.inputSchema, { ...value, ...entry.values }, isValid);
  if (wrong === undefined) return `The arguments of ${tool.name} are wrong.`;
  return wrong.startsWith(`${tool.name} has`) ? wrong : `The arguments of ${tool.name} are wrong: ${wrong}.`;
}

/** Names the unknown arguments and the known ones; the validator would only say that there is an additional one. */
function unknownArguments(input: Record<string, unknown>, { tool, visible }: Entry): string | undefined {
  if (tool.inputSchema.additionalProperties !== false) return undefined;
  const known = Object.keys(propertiesOf(visible.parameters));
  const unknown = Object.keys(input).filter((name) => !known.includes(name));
  if (unknown.length === 0) return undefined;
  return `${tool.name} has no argument ${unknown.slice(0, 5).join(", ").slice(0, 200)}. It takes: ${known.join(", ")}.`;
}

interface Entry {
  readonly tool: McpTool;
  readonly visible: ModelTool;
  /** Normalised names of the injected properties. */
  readonly hidden: ReadonlySet<string>;
  /** The injected arguments. */
  readonly values: Record<string, string>;
}

function entryOf(tool: McpTool, { injected, isValid }: { injected: Record<string, string>; isValid: IsValid }): Entry {
  const hidden = new Set<string>();
  const parameters = withoutInjected(tool.inputSchema, hidden);
  const values: Record<string, string> = {};
  for (const [name, schema] of Object.entries(propertiesOf(tool.inputSchema))) {
    const source = isRecord(schema) ? schema[INJECTED] : undefined;
    if (source === undefined) continue;
    const value = typeof source === "string" ? injected[source] : undefined;
    if (value === undefined) throw new Error(`${tool.name}.${name} needs an unknown injected value: ${String(source)}`);
    values[name] = value;
  }
  const accept = (value: Record<string, unknown>) => {
    if (findKey(value, hidden) !== undefined || hasReserved(value)) return undefined;
    const fitted = fitToSchema(parameters, value, { name: tool.name, isValid });
    return fitted !== undefined && isValid(tool.inputSchema, { ...fitted, ...values }) ? fitted : undefined;
  };
  const { name, description, readOnly } = tool;
  return { tool, hidden, values, visible: { name, description, parameters, readOnly, accept } };
}

/** Copies a schema without the properties marked `x-injected` at any depth, and adds their names to `hidden`. */
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
