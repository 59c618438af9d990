import type { RouteBody } from "@taskassistant/contracts/routes";
import { readText } from "@taskassistant/kit/fetch";
import { ProblemError } from "@taskassistant/kit/http";

/**
 * Reads the JSON of a request's body. Answers 415 for other media types (a browser can't send JSON to another origin
 * without asking first), 413 for a body that is too large, announced or not, and 400 for one that is not JSON.
 */
export async function readJson(
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
