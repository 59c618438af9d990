import {
  type AuthInfo,
  createMcpHandler,
  isLegacyRequest,
  type Server,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";
import type { Logger } from "@taskassistant/kit/process";
import type { Caller } from "../caller.ts";
import type { CallDeps } from "../tools/call-tool.ts";
import { createServer } from "./create-server.ts";
import { refuseParams } from "./invalid-params.ts";
import { type Message, messageOf } from "./message.ts";
import { refuseVersion, withAllVersions, withoutOlderClaim } from "./versions.ts";

export interface ProtocolHandler {
  /** Answers one POST whose body is already read. */
  handle(request: Request, body: Record<string, unknown>, caller: Caller): Promise<Response>;
  /** Ends what is still running. */
  close(): Promise<void>;
}

/** Clients may open a stream to wait for notifications. This server sends none, so few streams are enough. */
const SUBSCRIPTIONS_MAX = 100;

/**
 * Speaks both protocol eras, JSON answers only, without sessions: any replica answers any request, and no two requests
 * share a server. The SDK's own fallback would answer older clients with event streams, so they have a path of their own.
 */
export function createProtocolHandler(deps: CallDeps & { log: Logger }): ProtocolHandler {
  // The SDK passes this object on unchanged, so it leads to what we know of the request.
  const received = new WeakMap<AuthInfo, { caller: Caller; message: Message }>();
  const onerror = (error: Error) => deps.log.debug({ err: error }, "protocol error");
  const modern = createMcpHandler(
    ({ authInfo }) => {
      const known = authInfo === undefined ? undefined : received.get(authInfo);
      if (known === undefined) throw new Error("a request reached the protocol without a caller");
      return createServer(deps, known.caller, known.message);
    },
    { legacy: "reject", onerror, maxSubscriptions: SUBSCRIPTIONS_MAX },
  );

  const handle = async (request: Request, body: Record<string, unknown>, caller: Caller): Promise<Response> => {
    const given = messageOf(body);
    const message = withoutOlderClaim(given);
    const legacy = await isLegacyRequest(request, message);
    const refused = refuseVersion(request, given) ?? refuseParams(message, legacy);
    if (refused !== undefined) return refused;
    if (legacy) {
      return handleLegacy(request, message, createServer(deps, caller, message), onerror);
    }
    const authInfo: AuthInfo = { token: "", clientId: caller.clientId, scopes: [...caller.scopes] };
    received.set(authInfo, { caller, message });
    const answer = await modern.fetch(request, { authInfo, parsedBody: message });
    return message.method === "server/discover" ? withAllVersions(answer) : answer;
  };
  return { handle, close: () => modern.close() };
}

async function handleLegacy(
  request: Request,
  body: unknown,
  server: Server,
  onerror: (error: Error) => void,
): Promise<Response> {
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
  server.onerror = onerror;
  await server.connect(transport);
  const close = () => void server.close().catch(onerror);
  // A call that its client cancelled gets no answer and would stay open: it ends with the connection.
  request.signal.addEventListener("abort", close, { once: true });
  // The library asks for both types by name. Whether the client can read the answer has been checked.
  const headers = new Headers(request.headers);
  headers.set("accept", "application/json, text/event-stream");
  const asked = new Request(request.url, { method: request.method, headers });
  try {
    return await transport.handleRequest(asked, { parsedBody: body });
  } finally {
    request.signal.removeEventListener("abort", close);
    close();
  }
}
