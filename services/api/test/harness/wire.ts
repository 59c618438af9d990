import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** One thing a model server does while it answers: bytes, a pause in milliseconds, or the cut of its connection. */
export type Move = string | Uint8Array | { readonly pause: number } | "cut";

/** How a model server answers one request. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly moves: readonly Move[];
  /** Leaves the connection open. */
  readonly open?: boolean;
}

/** A message of a request as it came over the wire. */
export interface WireMessage {
  readonly role: string;
  readonly content: unknown;
  readonly tool_call_id?: string;
  readonly tool_calls?: readonly { id: string; function: { name: string; arguments: string } }[];
  readonly [field: string]: unknown;
}

/** The body of a request. */
export interface WireRequest {
  readonly messages: readonly WireMessage[];
  readonly tools?: readonly unknown[];
  readonly [field: string]: unknown;
}

export interface WireServer {
  readonly url: string;
  /** Every request so far. */
  readonly requests: WireRequest[];
  /** The paths and headers of the requests. */
  readonly heads: { readonly path: string | undefined; readonly headers: IncomingMessage["headers"] }[];
  close(): void;
}

/** A raw HTTP server in a model's place. It writes what it is told, and knows no protocol. */
export async function startWireServer(answer: (request: WireRequest) => Reply): Promise<WireServer> {
  const requests: WireRequest[] = [];
  const heads: WireServer["heads"] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((text) => {
      const body = JSON.parse(text) as WireRequest;
      requests.push(body);
      heads.push({ path: request.url, headers: request.headers });
      return play(answer(body), response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    heads,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function play({ status = 200, headers, moves, open }: Reply, response: ServerResponse): Promise<void> {
  response.writeHead(status, { "content-type": "text/event-stream", ...headers });
  for (const move of moves) {
    if (move === "cut") return void response.destroy();
    if (typeof move === "object" && "pause" in move) await sleep(move.pause);
    else response.write(move);
  }
  if (open !== true) response.end();
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const piece of request) text += piece;
  return text;
}

type Delta = Record<string, unknown>;

/** One event with a chunk. */
export function chunk(delta: Delta, finish: string | null = null): string {
  return event({
    id: "chatcmpl-1",
    object: "chat.completion.chunk",
    created: 1,
    model: "m",
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
}

export const event = (data: unknown): string => `data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`;
export const ROLE = chunk({ role: "assistant", content: "" });
export const DONE = event("[DONE]");
/** Pieces of calls in one chunk. */
export const calls = (...pieces: Delta[]): string => chunk({ tool_calls: pieces });
export const fin = (reason: string): string => chunk({}, reason);
export const END = fin("tool_calls") + DONE;
/** A function of a call. */
export const fn = (name: string, args: unknown): Delta => ({ type: "function", function: { name, arguments: args } });
export const says = (text: string): string => ROLE + chunk({ content: text }) + fin("stop") + DONE;
/** One call as most servers send it. */
export const standardCall = (name: string, args: unknown, id = "call_abc123"): string =>
  chunk({ role: "assistant", content: null, tool_calls: [{ index: 0, id, ...fn(name, "") }] }) +
  calls({ index: 0, function: { arguments: args } }) +
  END;

/** Turns bytes into a reply. */
export const reply = (...moves: Move[]): Reply => ({ moves });
export const refusal = (status: number, body: unknown): Reply => ({
  status,
  headers: { "content-type": "application/json" },
  moves: [typeof body === "string" ? body : JSON.stringify(body)],
});

/** Whether the model has answered since the last message of the person. */
export function hasAnswered({ messages }: WireRequest): boolean {
  return messages.slice(messages.findLastIndex(({ role }) => role === "user")).some(({ role }) => role === "assistant");
}
