import { ProtocolErrorCode, specTypeSchemas } from "@modelcontextprotocol/server";
import { jsonRpcError } from "../http/json-rpc-error.ts";
import { inWords, type RawIssue } from "../tools/in-words.ts";
import type { Message } from "./message.ts";

type Shape = (typeof specTypeSchemas)[keyof typeof specTypeSchemas];

/** The requests this server answers, with the shape the protocol gives them. */
const SHAPES = new Map<unknown, Shape>([
  ["tools/list", specTypeSchemas.ListToolsRequest],
  ["tools/call", specTypeSchemas.CallToolRequest],
]);
/** Requests that only the older era has. */
const OLDER_SHAPES = new Map<unknown, Shape>([
  ["initialize", specTypeSchemas.InitializeRequest],
  ["ping", specTypeSchemas.PingRequest],
]);

/** Maximum number of wrong parameters that are named. */
const ISSUES_MAX = 5;

/**
 * The error, one line, of a request whose parameters have another shape than the protocol says; undefined otherwise. The
 * library would answer with the whole report of its validator, and to `initialize` with an internal error.
 */
export function refuseParams(message: Message, legacy: boolean): Response | undefined {
  if (message.id === undefined) return undefined;
  const shape = SHAPES.get(message.method) ?? (legacy ? OLDER_SHAPES.get(message.method) : undefined);
  const checked = shape?.["~standard"].validate(message);
  if (checked === undefined || checked instanceof Promise || checked.issues === undefined) return undefined;
  const problems = checked.issues.slice(0, ISSUES_MAX).map((issue) => {
    const path = (issue.path ?? []).map((part) => (typeof part === "object" ? part.key : part));
    // The library's schemas are zod's as well, so its issues have their code.
    const words = inWords({ ...issue, input: valueAt(message, path) } as RawIssue) ?? issue.message;
    return `${path.slice(path.length > 1 ? 1 : 0).join(".")}: ${words}`;
  });
  const sentence = `Invalid params of ${message.method}: ${problems.join("; ")}.`;
  return jsonRpcError(200, ProtocolErrorCode.InvalidParams, sentence, { id: message.id });
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | null | undefined)?.[key], value);
}
