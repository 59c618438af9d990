import type { TokenSource } from "../identity/token-source.ts";

/** JSON Schema (2020-12) of a tool's arguments. */
export type JsonSchema = Record<string, unknown>;

/** A tool as the MCP server publishes it. */
export interface McpTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JsonSchema;
  /** The server's `readOnlyHint`: calls may run side by side. */
  readonly readOnly: boolean;
}

export interface McpResult {
  readonly text: string;
  readonly structured?: Record<string, unknown>;
  readonly isError: boolean;
  /** The change had been made before with the same idempotency key, and this is its result. */
  readonly replayed?: boolean;
}

/** How a tool is called. */
export interface CallOptions {
  readonly signal: AbortSignal;
  /** The server makes a change with this key once, whatever happens to the answer. */
  readonly idempotencyKey?: string;
}

/** A connection to the MCP server for one run. */
export interface McpSession {
  readonly tools: readonly McpTool[];
  /**
   * Calls a tool. When only this call fails (refused arguments, timeout, lost connection), the result has `isError`.
   * Throws `SignedOutError`, `ExchangeUnavailableError` or `McpUnavailableError` when no further call can work, and the
   * abort reason when the signal fires.
   */
  call(name: string, args: Record<string, unknown>, options: CallOptions): Promise<McpResult>;
  close(): Promise<void>;
}

/** The way to the MCP server. */
export interface McpPort {
  /** Connects and lists the tools. The server logs and audits the request id. Throws like `call`. */
  open(auth: TokenSource, options: { signal: AbortSignal; requestId: string }): Promise<McpSession>;
}

/** The MCP server can't be reached, speaks another protocol or refuses the API's tokens. */
export class McpUnavailableError extends Error {
  override readonly name = "McpUnavailableError";
}
