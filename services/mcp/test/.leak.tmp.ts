import { createJwksSource, createLogger, createTokenVerifier } from "@taskassistant/kit";
import { createTestIssuer } from "@taskassistant/kit/testing";
import { buildMcp } from "../src/index.ts";

const issuer = await createTestIssuer();
const log = createLogger({ name: "x", level: "silent" });
const jwks = createJwksSource({ url: issuer.jwksUrl });
const row = {
  id: "t_000000000000",
  title: "x",
  notes: "",
  due: null,
  version: 1,
  created_at: new Date(),
  updated_at: new Date(),
  completed_at: null,
};
const db = {
  asUser: async () => ({
    tasks: Array(20).fill({
      ...row,
      done: false,
      created_at: "2026-11-22T00:00:00Z",
      updated_at: "2026-11-22T00:00:00Z",
    }),
    total: 20,
    next_cursor: null,
  }),
  appendAudit: async () => {},
} as never;
const mcp = buildMcp({
  db,
  verifier: createTokenVerifier({ issuer: issuer.issuer, kind: "mcp", jwks }),
  issuer: issuer.issuer,
  allowedHosts: [],
  log,
});
const sub = "a".repeat(32);
const token = issuer.sign("mcp", { sub, exp: Math.floor(Date.now() / 1000) + 3600 });
const h = (era: string): Record<string, string> => ({
  host: "localhost",
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
  authorization: `Bearer ${token}`,
  ...(era === "modern"
    ? { "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/call", "mcp-name": "list_tasks" }
    : { "mcp-protocol-version": "2025-11-25" }),
});
const meta = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": { name: "t", version: "1" },
  "io.modelcontextprotocol/clientCapabilities": {},
};
const body = (era: string) =>
  JSON.stringify({
    jsonrpc: "2.0",
    id: 1,
    method: "tools/call",
    params: { name: "list_tasks", arguments: { user_id: sub }, ...(era === "modern" ? { _meta: meta } : {}) },
  });
for (const era of ["modern", "legacy"]) {
  const H = h(era),
    B = body(era);
  const one = async () => {
    const r = await mcp.fetch(new Request("http://localhost/mcp", { method: "POST", headers: H, body: B }));
    const t = await r.text();
    if (r.status !== 200 || t.includes('isError":true')) throw new Error(t);
  };
  for (let i = 0; i < 500; i++) await one();
  for (let k = 0; k < 3; k++) {
    globalThis.gc?.();
    const m0 = process.memoryUsage().heapUsed;
    const c0 = process.cpuUsage();
    for (let i = 0; i < 3000; i++) await one();
    const c = process.cpuUsage(c0);
    globalThis.gc?.();
    console.log(
      era,
      "cpu ms/req",
      ((c.user + c.system) / 3000 / 1000).toFixed(3),
      "heap after gc",
      Math.round(process.memoryUsage().heapUsed / 1024),
      "grew KiB",
      Math.round((process.memoryUsage().heapUsed - m0) / 1024),
      "rss",
      Math.round(process.memoryUsage().rss / 1024 / 1024),
    );
  }
}
await issuer.close();
