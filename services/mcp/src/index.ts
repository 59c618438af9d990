export { buildMcp, type Mcp, type McpDeps } from "./build-mcp.ts";
export { mcpEnv } from "./env.ts";
