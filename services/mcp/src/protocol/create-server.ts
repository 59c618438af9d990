import { ProtocolError, ProtocolErrorCode, Server } from "@modelcontextprotocol/server";
import { IDEMPOTENCY_KEY, TOOLS } from "@taskassistant/contracts";
import manifest from "../../package.json" with { type: "json" };
import { audit } from "../audit.ts";
import type { Caller } from "../caller.ts";
import { type CallDeps, callTool } from "../tools/call-tool.ts";
import { findTool, toolDefinitions } from "../tools/registry.ts";
import { argumentsOf } from "./call-arguments.ts";
import type { Message } from "./message.ts";
import { VERSIONS } from "./versions.ts";

const INFO = { name: "taskassistant", title: "TaskAssistant", version: manifest.version };
const INSTRUCTIONS = `The user's task list. Days are calendar days of the user, written YYYY-MM-DD. Find ids with ${TOOLS.listTasks.name} before changing tasks.`;

/**
 * A server for one message of one caller. It is the SDK's low-level class, so that tool definitions are made once for all
 * requests and calls with wrong arguments reach us and are audited as well.
 */
export function createServer(deps: CallDeps, caller: Caller, message: Message): Server {
  const server = new Server(INFO, {
    capabilities: { tools: {} },
    supportedProtocolVersions: [...VERSIONS],
    instructions: INSTRUCTIONS,
    cacheHints: { "tools/list": { ttlMs: 300_000, cacheScope: "private" } },
  });
  server.setRequestHandler("tools/list", () => ({ tools: toolDefinitions({ userId: caller.actor !== undefined }) }));
  server.setRequestHandler("tools/call", async ({ params }) => {
    const tool = findTool(params.name);
    const args = argumentsOf(message);
    if (tool === undefined) {
      const named = { tool: { name: params.name.slice(0, 100) }, arguments: args, caller };
      await audit(deps, named, { outcome: "refused", reason: "unknown_tool" });
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no tool ${params.name.slice(0, 100)}`);
    }
    return callTool(deps, { tool, arguments: args, caller, idempotencyKey: idempotencyKeyOf(params._meta, caller) });
  });
  return server;
}

/** The key of a change that a client makes for a user; the models of other clients have no say in it. */
function idempotencyKeyOf(meta: Record<string, unknown> | undefined, caller: Caller): string | undefined {
  const key = caller.actor === undefined ? undefined : meta?.[IDEMPOTENCY_KEY];
  return typeof key === "string" && /^[\w-]{16,100}$/.test(key) ? key : undefined;
}
