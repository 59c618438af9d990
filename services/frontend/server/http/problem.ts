import type { ProblemCode } from "@taskassistant/contracts";
import { ProblemError, problemResponse } from "@taskassistant/kit/http";

/** An `application/problem+json` answer. People read its `detail`. */
export function problem(
  status: number,
  code: ProblemCode,
  detail: string,
  requestId: string,
  headers: Record<string, string> = {},
): Response {
  return problemResponse(new ProblemError(code, detail, { status, headers }), requestId);
}
