export { buildMcp, type Mcp, type McpDeps } from "./build-mcp.ts";
