import { BodyTooLargeError, ProblemError, readText } from "@taskassistant/kit";

/** Largest body, in bytes: the longest notes of a task, with every character escaped. */
export const BODY_MAX = 160 * 1024;

/**
 * The JSON of a request's body. 415 for other media types (a browser can't send JSON to another origin without asking
 * first), 413 for more than 160 KB, announced or not, 400 for what is not JSON.
 */
export async function readJson(request: Request, types: readonly string[]): Promise<unknown> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (!types.includes(type)) {
    throw new ProblemError("unsupported_media_type", `Send JSON with Content-Type: ${types.join(" or ")}.`);
  }
  const text = await readText(request, BODY_MAX).catch((error) => {
    throw error instanceof BodyTooLargeError ? tooLarge(error) : error;
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ProblemError("invalid_request", "The body is not valid JSON.", { cause: error });
  }
}

function tooLarge({ maxBytes }: BodyTooLargeError): ProblemError {
  const detail = `The body is larger than ${maxBytes / 1024} KB. Send less at once.`;
  // The rest of the body stays unread, so the connection is of no further use.
  return new ProblemError("payload_too_large", detail, { headers: { connection: "close" } });
}
