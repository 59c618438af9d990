import { PROTOCOL_VERSION_META_KEY, UnsupportedProtocolVersionError } from "@modelcontextprotocol/server";
import { isRecord } from "@taskassistant/contracts";
import { jsonRpcError } from "../http/json-rpc-error.ts";
import type { Message } from "./message.ts";

/** Revisions that a client opens with `initialize`, newest first. */
const OLDER = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"] as const;

/** Every revision this server speaks, newest first. The same list is published, refused by and served. */
export const VERSIONS: readonly string[] = ["2026-07-28", ...OLDER];

/**
 * The refusal of a message that names a revision this server does not speak, with the list of those it does
 * (2026-07-28, "Versioning"; 2025-11-25 asks for 400 as well). `initialize` negotiates by itself.
 */
export function refuseVersion(request: Request, message: Message): Response | undefined {
  if (message.method === "initialize") return undefined;
  const named = request.headers.get("mcp-protocol-version")?.trim();
  const requested = claimOf(message) ?? named;
  if (requested === undefined || VERSIONS.includes(requested)) return undefined;
  // The library has an error of its own for a header that says something else.
  if (named !== undefined && named !== requested) return undefined;
  const { code, data } = new UnsupportedProtocolVersionError({ supported: [...VERSIONS], requested });
  const sentence = `Protocol version ${requested.slice(0, 40)} is not supported; use one of ${VERSIONS.join(", ")}.`;
  return jsonRpcError(400, code, sentence, { data, id: message.id });
}

/**
 * A message in the newer form that names an older revision is served as a message of that revision: the claim is taken off,
 * which would otherwise be refused although the revision is in the list.
 */
export function withoutOlderClaim(message: Message): Message {
  const claim = claimOf(message);
  if (claim === undefined || !(OLDER as readonly string[]).includes(claim)) return message;
  const { [PROTOCOL_VERSION_META_KEY]: _, ...rest } = metaOf(message);
  return { ...message, params: { ...message.params, _meta: rest } };
}

/** The answer to `server/discover` with every revision; the library names only those without `initialize`. */
export async function withAllVersions(answer: Response): Promise<Response> {
  const body: unknown = await answer.json();
  if (isRecord(body) && isRecord(body.result)) body.result.supportedVersions = VERSIONS;
  return new Response(JSON.stringify(body), { status: answer.status, headers: answer.headers });
}

function claimOf(message: Message): string | undefined {
  const claim = metaOf(message)[PROTOCOL_VERSION_META_KEY];
  return typeof claim === "string" ? claim : undefined;
}

function metaOf({ params }: Message): Record<string, unknown> {
  return isRecord(params?._meta) ? params._meta : {};
}
