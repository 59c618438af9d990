import { API_BODY_MAX } from "@taskassistant/contracts";
import { BodyTooLargeError, bodyTooLargeProblem, ProblemError, readText } from "@taskassistant/kit";

/**
 * The JSON of a request's body. 415 for other media types (a browser can't send JSON to another origin without asking
 * first), 413 for more than `API_BODY_MAX`, announced or not, 400 for what is not JSON.
 */
export async function readJson(request: Request, types: readonly string[]): Promise<unknown> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (!types.includes(type)) {
    throw new ProblemError("unsupported_media_type", `Send JSON with Content-Type: ${types.join(" or ")}.`);
  }
  const text = await readText(request, API_BODY_MAX).catch((error) => {
    throw error instanceof BodyTooLargeError ? bodyTooLargeProblem(error) : error;
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ProblemError("invalid_request", "The body is not valid JSON.", { cause: error });
  }
}
