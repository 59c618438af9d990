import { randomUUID } from "node:crypto";
import { type ChatResponse, chatRequestSchema, chatResponseSchema, PROBLEM_STATUS } from "@taskassistant/contracts";
import { ROUTES } from "@taskassistant/contracts/routes";
import { retryAfter, WAIT_SECONDS } from "@taskassistant/kit/fetch";
import { ProblemError } from "@taskassistant/kit/http";
import { z } from "zod";
import type { Run } from "../../runs/run.ts";
import type { RunEnd } from "../../runs/run-end.ts";
import { createPacer } from "../../stream/paced.ts";
import { sseResponse } from "../../stream/sse.ts";
import { createUiEncoder, UI_STREAM_END, UI_STREAM_HEADER, type UiChunk } from "../../stream/ui-messages.ts";
import { problems } from "../routing/answers.ts";
import { defineRoute } from "../routing/route.ts";

/** `/api/chat`: the way into the agent. */
export const chatRoutes = {
  sendMessage: defineRoute(ROUTES.sendMessage, {
    tag: "Chat",
    summary: "Say something to the assistant",
    description:
      "Answers with the AI SDK's UI message stream (version 1) over server-sent events: tools as `dynamic-tool` parts, " +
      "`conversation_id` in the metadata of the first chunk and in `X-Conversation-Id`. With `Accept: application/json` " +
      "the finished answer as one JSON object. A stream that fails ends with an `error` chunk that carries `code` and, " +
      "where known, `retry_after` in seconds.",
    body: chatRequestSchema,
    answers: {
      200: {
        description: "The answer.",
        content: { "text/event-stream": z.string(), "application/json": chatResponseSchema },
        headers: { "X-Conversation-Id": "The conversation, also when it was not named in the request." },
      },
      ...problems(400, 409, 413, 415, 502, 504),
    },
    handle: async (c, { body }, { runs }) => {
      const claims = c.get("claims");
      const run = await runs.begin({
        userId: claims.sub,
        apiToken: c.get("token"),
        jti: claims.jti,
        requestId: c.get("requestId"),
        conversationId: body.conversation_id ?? randomUUID(),
        message: body.message,
        timeZone: body.time_zone,
      });
      const left = c.req.raw.signal;
      if (left.aborted) run.abort("disconnect");
      else left.addEventListener("abort", () => run.abort("disconnect"), { once: true });
      return wantsJson(c.req.header("accept")) ? answerOnce(run) : answerAsStream(run);
    },
  }),
};

function wantsJson(accept = ""): boolean {
  return accept.includes("application/json") && !accept.includes("text/event-stream");
}

function answerAsStream(run: Run): Response {
  const encoder = createUiEncoder();
  let onRoom = () => {};
  return sseResponse({
    headers: { ...UI_STREAM_HEADER, "x-conversation-id": run.conversationId },
    onLeave: () => run.abort("disconnect"),
    onRoom: () => onRoom(),
    produce: async (writer) => {
      const send = (chunks: UiChunk[]) => {
        for (const chunk of chunks) writer.data(JSON.stringify(chunk));
      };
      send(encoder.start(run));
      const pacer = createPacer({ hasRoom: writer.hasRoom, send: (event) => send(encoder.event(event)) });
      onRoom = pacer.resume;
      const end = await run.finish(pacer.add);
      pacer.flush();
      send(encoder.end(end));
      writer.data(UI_STREAM_END);
    },
  });
}

async function answerOnce(run: Run): Promise<Response> {
  const end = await run.finish(() => undefined);
  if (end.status === "failed") throw problemOf(end);
  // This form has no other place to say that an answer was limited or stopped.
  const response = [run.text(), ...(end.error === undefined ? [] : [end.error])]
    .filter((text) => text !== "")
    .join("\n\n");
  return Response.json({ response, conversation_id: run.conversationId } satisfies ChatResponse, {
    headers: { "x-conversation-id": run.conversationId, "cache-control": "no-store" },
  });
}

function problemOf(end: RunEnd): ProblemError {
  const code = end.code ?? "internal";
  const wait = end.retryAfterSeconds ?? (PROBLEM_STATUS[code] === 503 ? WAIT_SECONDS.dependency : undefined);
  return new ProblemError(code, end.error ?? "The answer failed.", {
    headers: wait === undefined ? {} : retryAfter(wait),
  });
}
