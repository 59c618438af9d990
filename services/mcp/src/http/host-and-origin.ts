import { validateHostHeader, validateOriginHeader } from "@modelcontextprotocol/server";
import { jsonRpcError, SERVER_ERROR } from "./json-rpc-error.ts";

const LOCAL = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Against DNS rebinding and pages of other sites (streamable HTTP, security warning): only known names in `Host`, and in
 * `Origin` where a browser sends it. Gives the refusal, or undefined. For `/mcp` alone: probes carry the pod's address.
 */
export function hostAndOriginCheck(allowedHosts: readonly string[]): (request: Request) => Response | undefined {
  const names = [...new Set([...LOCAL, ...allowedHosts.map((host) => host.toLowerCase())])];
  return (request) => {
    const host = validateHostHeader(request.headers.get("host"), names);
    if (!host.ok) return jsonRpcError(403, SERVER_ERROR, "This host name is not served here; add it to ALLOWED_HOSTS.");
    const origin = validateOriginHeader(request.headers.get("origin"), names);
    if (!origin.ok) return jsonRpcError(403, SERVER_ERROR, "Requests from pages of this origin are not accepted.");
    return undefined;
  };
}
