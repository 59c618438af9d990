import type { RouteBody } from "@taskassistant/contracts/routes";
import { readText, retryAfter, WAIT_SECONDS } from "@taskassistant/kit/fetch";
import type { HoldBody } from "@taskassistant/kit/guard";
import { ProblemError } from "@taskassistant/kit/http";

/** All bodies that are being received or worked on, and those of one user, in bytes. */
export const BODIES = { bytes: 16 * 1024 * 1024, bytesPerUser: 2 * 1024 * 1024 };

/**
 * Works on the JSON of a user's request. The body counts against what all bodies share from its first byte until `work` has
 * answered; answers 503 when there is no place for it, or when it has to give way because its sender is slow.
 */
export async function withJson<T>(
  request: Request,
  { holdBody, userId, limits }: { holdBody: HoldBody; userId: string; limits: Pick<RouteBody, "types" | "maxBytes"> },
  work: (json: unknown) => T | Promise<T>,
): Promise<T> {
  const place = holdBody(userId, request.headers, limits.maxBytes);
  if (place === undefined) throw noPlace();
  try {
    const read = readJson(request, limits).then((json) => ({ json }));
    const given = await Promise.race([read, place.gaveWay]);
    if (given === undefined) throw noPlace();
    return await work(given.json);
  } finally {
    place.giveBack();
  }
}

function noPlace(): ProblemError {
  const detail = "Too many large requests are being worked on. Wait for yours, and try again in a moment.";
  return new ProblemError("unavailable", detail, { headers: retryAfter(WAIT_SECONDS.uploads) });
}

/**
 * Reads the JSON of a request's body. Answers 415 for other media types (a browser can't send JSON to another origin
 * without asking first), 413 for a body that is too large, announced or not, and 400 for one that is not JSON.
 */
async function readJson(
  request: Request,
  { types, maxBytes }: Pick<RouteBody, "types" | "maxBytes">,
): Promise<unknown> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (!types.includes(type)) {
    throw new ProblemError("unsupported_media_type", `Send JSON with Content-Type: ${types.join(" or ")}.`);
  }
  const text = await readText(request, maxBytes);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ProblemError("invalid_request", "The body is not valid JSON.", { cause: error });
  }
}
