import type { Replica } from "./harness.ts";

export const ping = { jsonrpc: "2.0", id: 1, method: "ping" };
export const initialize = (params: unknown) => ({ jsonrpc: "2.0", id: 1, method: "initialize", params });
export const hello = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "x", version: "1" } };

/** Sends messages of the older era to a replica, each with headers to replace. */
export function olderEra(replica: Replica, token: string) {
  return async (body: unknown, { path = "/mcp", method = "POST", ...headers }: Record<string, string> = {}) => {
    const base = { host: "localhost", "content-type": "application/json", authorization: `Bearer ${token}` };
    const init = {
      method,
      headers: { ...base, ...headers },
      ...(method === "POST" ? { body: JSON.stringify(body) } : {}),
    };
    const response = await replica.mcp.fetch(new Request(`http://localhost${path}`, init));
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: text.startsWith("{") ? JSON.parse(text) : {},
    };
  };
}
