import { type Answer, request } from "./people.ts";

/** One `tools/call`, as a client of the older protocol era sends it: no handshake, no session. */
export function callTool(
  mcpUrl: string,
  authorization: string | undefined,
  name: string,
  args: Record<string, unknown>,
): Promise<Answer> {
  return request(mcpUrl, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2025-11-25",
      ...(authorization === undefined ? {} : { authorization }),
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: args } }),
  });
}

/** The result of a tool call that reached the tool. */
export function toolResult({ status, text, body }: Answer): { isError: boolean; text: string } {
  const { result } = (body ?? {}) as { result?: { isError?: boolean; content: { text: string }[] } };
  if (status !== 200 || result === undefined) throw new Error(`no tool result: ${status} ${text}`);
  return { isError: result.isError === true, text: result.content.map((part) => part.text).join("\n") };
}
