import {
  type CallToolResult,
  Client,
  type DiscoverResult,
  type jsonSchemaValidator,
  SdkError,
  SdkErrorCode,
  SdkHttpError,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from "@modelcontextprotocol/client";
import { IDEMPOTENCY_KEY, isRecord, REPLAYED } from "@taskassistant/contracts";
import type { Logger } from "@taskassistant/kit/process";
import manifest from "../../package.json" with { type: "json" };
import { ExchangeUnavailableError, SignedOutError } from "../identity/exchange-client.ts";
import type { TokenSource } from "../identity/token-source.ts";
import { type McpPort, type McpResult, type McpSession, type McpTool, McpUnavailableError } from "./port.ts";

/** The protocol revision both ends speak. Without it the client library would fall back to an older one. */
const PROTOCOL = "2026-07-28";
/** Maximum wait for the handshake and for the list of tools, in milliseconds. */
const OPEN_TIMEOUT_MS = 10_000;

/**
 * The MCP server at a URL, over streamable HTTP. With another `fetch` the same client reaches a server in this process.
 * Each run has a client of its own; only the server's self-description is kept between runs.
 */
export function createMcpPort(deps: {
  url: string;
  log: Logger;
  validator: jsonSchemaValidator;
  /** Maximum duration of a tool call, in milliseconds. */
  callTimeoutMs: number;
  fetch?: typeof fetch;
}): McpPort {
  let described: DiscoverResult | undefined;

  const connect = async (auth: TokenSource, { signal, requestId }: OpenOptions): Promise<Client> => {
    const client = new Client(
      { name: "taskassistant-api", version: manifest.version },
      { versionNegotiation: { mode: { pin: PROTOCOL } }, jsonSchemaValidator: deps.validator },
    );
    const transport = new StreamableHTTPClientTransport(new URL(deps.url), {
      requestInit: { headers: { "x-request-id": requestId } },
      authProvider: { token: () => auth.token(), onUnauthorized: async () => auth.invalidate() },
      ...(deps.fetch === undefined ? {} : { fetch: deps.fetch }),
    });
    const options = { signal, timeout: OPEN_TIMEOUT_MS };
    const prior = described;
    await client.connect(
      transport,
      prior === undefined ? options : { ...options, prior: { kind: "modern", discover: prior } },
    );
    described = client.getDiscoverResult();
    return client;
  };

  const connectAndList = async (auth: TokenSource, options: OpenOptions) => {
    const client = await connect(auth, options);
    const { tools } = await client.listTools(undefined, { signal: options.signal, timeout: OPEN_TIMEOUT_MS });
    return { client, tools };
  };

  const open = async (auth: TokenSource, options: OpenOptions): Promise<McpSession> => {
    const remembered = described !== undefined;
    try {
      return sessionOf(await connectAndList(auth, options));
    } catch (error) {
      const failure = final(error, options.signal);
      // The remembered description may be out of date after an upgrade of the server, so it is asked for once more.
      if (!remembered || !(failure instanceof McpUnavailableError)) throw failure;
      described = undefined;
      try {
        return sessionOf(await connectAndList(auth, options));
      } catch (again) {
        throw final(again, options.signal);
      }
    }
  };

  const sessionOf = ({ client, tools }: Awaited<ReturnType<typeof connectAndList>>): McpSession => ({
    tools: tools.map(
      (tool): McpTool => ({
        name: tool.name,
        description: tool.description ?? "",
        inputSchema: tool.inputSchema,
        readOnly: tool.annotations?.readOnlyHint === true,
      }),
    ),
    call: async (name, args, { signal, idempotencyKey }) => {
      try {
        const limits = { signal, timeout: deps.callTimeoutMs, maxTotalTimeout: deps.callTimeoutMs };
        const meta = idempotencyKey === undefined ? {} : { _meta: { [IDEMPOTENCY_KEY]: idempotencyKey } };
        return resultOf(await client.callTool({ name, arguments: args, ...meta }, limits));
      } catch (error) {
        if (endsRun(error) || signal.aborted) throw final(error, signal);
        deps.log.warn({ err: error, tool: name }, "tool call failed");
        return { isError: true, text: sentenceOf(error, name) };
      }
    },
    close: () => client.close(),
  });

  return { open };
}

type OpenOptions = Parameters<McpPort["open"]>[1];

/** Whether no further call of the run can work. */
function endsRun(error: unknown): boolean {
  return (
    error instanceof SignedOutError ||
    error instanceof ExchangeUnavailableError ||
    error instanceof UnauthorizedError ||
    (error instanceof SdkHttpError && error.status === 401)
  );
}

function final(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof SignedOutError || error instanceof ExchangeUnavailableError) return error;
  return new McpUnavailableError("the MCP server can't be used", { cause: error });
}

function sentenceOf(error: unknown, tool: string): string {
  if (error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout) {
    return `${tool} did not answer in time. It may or may not have taken effect: look before you try again.`;
  }
  if (error instanceof SdkHttpError && error.status === 403) return `${tool} is not allowed with this sign-in.`;
  if (error instanceof SdkHttpError && error.status === 429) return `${tool} was called too often. Wait a little.`;
  return `${tool} could not be run. It may or may not have taken effect: look before you try again.`;
}

function resultOf(result: CallToolResult): McpResult {
  const text = result.content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n");
  const structured = result.structuredContent;
  return {
    text,
    isError: result.isError === true,
    replayed: result._meta?.[REPLAYED] === true,
    ...(isRecord(structured) ? { structured } : {}),
  };
}
