import { audienceOf, SCOPES } from "@taskassistant/contracts";

/** Where the metadata lies: with the path of the resource, as clients were given it, and for clients that leave it out without. */
export const METADATA_PATHS = [
  "/.well-known/oauth-protected-resource/mcp",
  "/.well-known/oauth-protected-resource/mcp/",
  "/.well-known/oauth-protected-resource",
] as const;

/** The URL that 401 and 403 answers point to: the resource's own, with the well-known part before the path. */
export function resourceMetadataUrl(issuer: string): string {
  return `${issuer}${METADATA_PATHS[0]}`;
}

/** The protected-resource metadata (RFC 9728) of the MCP server. The resource is the audience its tokens carry. */
export function resourceMetadata(issuer: string): Response {
  const metadata = {
    resource: audienceOf("mcp", issuer),
    authorization_servers: [issuer],
    scopes_supported: SCOPES,
    bearer_methods_supported: ["header"],
    resource_name: "TaskAssistant",
  };
  return new Response(JSON.stringify(metadata), {
    headers: {
      "content-type": "application/json",
      "cache-control": "public, max-age=300",
      "access-control-allow-origin": "*",
    },
  });
}
