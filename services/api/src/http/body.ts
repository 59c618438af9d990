import { ProblemError } from "@taskassistant/kit";
import { bodyLimit } from "hono/body-limit";
import { createMiddleware } from "hono/factory";
import type { ApiEnv } from "./context.ts";

/** Largest body, in bytes: the longest notes of a task, with every character escaped. */
export const BODY_MAX = 160 * 1024;

/** 413 for larger bodies, whether they announce their length or not. */
export const limitBody = () =>
  bodyLimit({
    maxSize: BODY_MAX,
    onError: () => {
      throw new ProblemError(
        413,
        "payload_too_large",
        `The body is larger than ${BODY_MAX / 1024} KB. Send less at once.`,
      );
    },
  });

/** 415 for bodies that are not JSON. A browser can't send JSON to another origin without asking first (CORS). */
export const jsonOnly = () =>
  createMiddleware<ApiEnv>(async (c, next) => {
    const carriesBody = ["POST", "PATCH", "PUT"].includes(c.req.method);
    const type = c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();
    if (carriesBody && type !== "application/json" && type !== "application/merge-patch+json") {
      throw new ProblemError(415, "unsupported_media_type", "Send JSON with Content-Type: application/json.");
    }
    await next();
  });
