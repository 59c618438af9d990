import type { TokenSource } from "../identity/token-source.ts";

/** JSON Schema (2020-12) of a tool's arguments. */
export type JsonSchema = Record<string, unknown>;

/** A tool as the MCP server publishes it. */
export type McpTool = {
  name: string;
  description: string;
  inputSchema: JsonSchema;
  /** From the `readOnlyHint`: calls may run side by side. */
  readOnly: boolean;
};

export type McpResult = {
  text: string;
  structured?: Record<string, unknown>;
  isError: boolean;
};

/** The tools of one turn. */
export type McpSession = {
  tools: readonly McpTool[];
  /**
   * Calls a tool. A failure of this one call (refused arguments, timeout, lost connection) is a result with `isError`.
   * Throws `SignedOutError`, `ExchangeUnavailableError` or `McpUnavailableError` when no further call can work, and the
   * abort reason when the signal fires.
   */
  call(name: string, args: Record<string, unknown>, signal: AbortSignal): Promise<McpResult>;
  close(): Promise<void>;
};

/** The way to the MCP server, whatever binds it. */
export type McpPort = {
  /** Connects and lists the tools. The request id goes along, into the server's logs and audit. Throws like `call`. */
  open(auth: TokenSource, options: { signal: AbortSignal; requestId: string }): Promise<McpSession>;
};

/** The MCP server can't be reached, speaks another protocol or refuses the API's tokens. */
export class McpUnavailableError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "McpUnavailableError";
  }
}
