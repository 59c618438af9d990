import { accessLog, requestId } from "@taskassistant/kit/http";
import { bearerToken } from "@taskassistant/kit/jwt";
import type { Logger } from "@taskassistant/kit/process";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { z } from "zod";
import { respondAsDemo } from "./demo/respond.ts";
import { completionOf } from "./wire/answer.ts";
import { type ModelRequest, modelRequestSchema } from "./wire/request.ts";
import { type ParsedStep, type Step, stepSchema } from "./wire/steps.ts";
import { stall, streamOf } from "./wire/stream.ts";

/** What the model does with a request. */
export type Respond = (request: ModelRequest) => readonly Step[] | Promise<readonly Step[]>;

/** One request for a chat completion, as it arrived. */
export interface JournalEntry {
  at: string;
  apiKey: string | undefined;
  request: ModelRequest;
}

export interface ModelServer {
  /** A web-standard handler. */
  fetch: (request: Request) => Response | Promise<Response>;
  /** The last requests, oldest first; emptied by `journal.length = 0`. */
  journal: JournalEntry[];
}

export interface ModelServerOptions {
  /** The model; the demo model unless given. */
  respond?: Respond;
  log: Logger;
  /** Names the server answers to. */
  models?: readonly string[];
  /** Accepted API keys; any or none when not given. Read with each request, so a test may rotate them. */
  apiKeys?: () => readonly string[] | undefined;
  /** Maximum number of requests in the journal. */
  journalSize?: number;
  /** Serves the journal at `GET /journal` and empties it at `DELETE /journal`. Only for tests: prompts are in it. */
  publishJournal?: boolean;
}

const BODY_MAX = 4 * 1024 * 1024;

/**
 * A deterministic server with the OpenAI API's chat completions (`/v1/models`, `/v1/chat/completions`, streaming or not,
 * with tool calls): the keyless demo model, or a scripted one for tests.
 */
export function buildModelServer(options: ModelServerOptions): ModelServer {
  const { respond = respondAsDemo, log, models = ["demo"], apiKeys = () => undefined, journalSize = 200 } = options;
  const journal: JournalEntry[] = [];
  const app = new Hono();
  app.get("/livez", (c) => c.json({ status: "alive" }));
  app.get("/readyz", (c) => c.json({ status: "ready" }));
  app.use(requestId(), accessLog(log));
  if (options.publishJournal === true) {
    app.get("/journal", (c) => c.json(journal));
    app.delete("/journal", (c) => {
      journal.length = 0;
      return c.body(null, 204);
    });
  }

  app.use("/v1/*", async (c, next) => {
    const accepted = apiKeys();
    const key = bearerToken(c.req.header("authorization"));
    if (accepted !== undefined && (key === undefined || !accepted.includes(key))) {
      return failure(c, 401, "Incorrect API key provided.", { code: "invalid_api_key" });
    }
    await next();
  });
  app.get("/v1/models", (c) => c.json({ object: "list", data: models.map(modelOf) }));
  app.get("/v1/models/:id", (c) => {
    const id = c.req.param("id");
    return models.includes(id) ? c.json(modelOf(id)) : unknownModel(c, id);
  });

  app.post("/v1/chat/completions", bodyLimit({ maxSize: BODY_MAX, onError: tooLarge }), async (c) => {
    const parsed = modelRequestSchema.safeParse(await c.req.json().catch(() => undefined));
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      return failure(c, 400, issue?.message ?? "invalid body", { param: issue?.path.join(".") ?? null });
    }
    const request = parsed.data;
    journal.push({ at: new Date().toISOString(), apiKey: bearerToken(c.req.header("authorization")), request });
    if (journal.length > journalSize) journal.splice(0, journal.length - journalSize);
    if (!models.includes(request.model)) return unknownModel(c, request.model);

    const steps = z.array(stepSchema).parse(await respond(request));
    const error = steps[0]?.type === "error" ? steps[0] : undefined;
    if (error !== undefined) return failure(c, error.status, error.message, { code: error.code }, error.headers);
    if (request.stream === true) {
      return new Response(streamOf(request, steps), {
        headers: { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache, no-transform" },
      });
    }
    return inOnePiece(request, steps, c.req.raw.signal);
  });

  app.notFound((c) => failure(c, 404, `Unknown request URL: ${c.req.method} ${c.req.path}.`, { code: "unknown_url" }));
  app.onError((error, c) => {
    log.error({ err: error, request_id: c.get("requestId") }, "request failed");
    return failure(c, 500, "The server had an error while processing your request.", {}, {}, "server_error");
  });
  return { fetch: (request) => app.fetch(request), journal };
}

async function inOnePiece(request: ModelRequest, steps: readonly ParsedStep[], gone: AbortSignal): Promise<Response> {
  for (const step of steps) if (step.type === "stall") await stall(step.ms, gone);
  const body = JSON.stringify(completionOf(request, steps));
  if (!steps.some((step) => step.type === "break")) {
    return new Response(body, { headers: { "content-type": "application/json" } });
  }
  const half = new TextEncoder().encode(body.slice(0, body.length / 2));
  let sent = false;
  const cut = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent) return controller.error(new Error("scripted end of the connection"));
      sent = true;
      controller.enqueue(half);
    },
  });
  return new Response(cut, { headers: { "content-type": "application/json" } });
}

function modelOf(id: string) {
  return { id, object: "model", created: 1_763_769_600, owned_by: "taskassistant" };
}

function unknownModel(c: Context, id: string): Response {
  return failure(c, 404, `The model \`${id}\` does not exist or you do not have access to it.`, {
    code: "model_not_found",
  });
}

const tooLarge = (c: Context): Response => failure(c, 413, `The body is larger than ${BODY_MAX} bytes.`);

/** An error in the OpenAI API's shape. */
function failure(
  c: Context,
  status: number,
  message: string,
  details: { param?: string | null; code?: string | null } = {},
  headers: Record<string, string> = {},
  type = status === 429 ? "rate_limit_error" : status >= 500 ? "server_error" : "invalid_request_error",
): Response {
  const error = { message, type, param: details.param ?? null, code: details.code ?? null };
  return new Response(JSON.stringify({ error }), {
    status,
    headers: { "content-type": "application/json", "x-request-id": c.get("requestId") ?? "none", ...headers },
  });
}
