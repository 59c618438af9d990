/** The catalogue of tools without its schemas: all a browser needs. The schemas come with `@taskassistant/contracts`. */
export type { Card, CardIcon, CardUndo, ChangeCard, Found, LookupCard } from "./cards.ts";
export { TOOL_IDS, TOOLS, type ToolId, type ToolName, toolNamed } from "./catalogue.ts";
export { readToolOutput, type ToolOutcome } from "./results.ts";
export type { OutputShape, ToolEntry, ToolHints } from "./tool.ts";
