import { jsonRpcError, SERVER_ERROR } from "./json-rpc-error.ts";

/**
 * The refusal when the client can't read JSON, the form of every answer to a call; undefined otherwise. The protocol asks
 * clients to name event streams too, but many name JSON alone, anything at all or nothing (RFC 9110, section 12.5.1).
 */
export function refuseUnreadable(request: Request): Response | undefined {
  const accept = request.headers.get("accept") ?? "";
  const ranges = accept.split(",").map((range) => range.trim().toLowerCase());
  const readable = accept.trim() === "" || ranges.some(includesJson);
  return readable ? undefined : jsonRpcError(406, SERVER_ERROR, "Answers are JSON; accept application/json.");
}

function includesJson(range: string): boolean {
  const [type, ...parameters] = range.split(";").map((part) => part.trim());
  const excluded = parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  return !excluded && ["*/*", "application/*", "application/json"].includes(type ?? "");
}
