import { TOOL_EXAMPLES, TOOL_IDS, TOOLS } from "@taskassistant/contracts";

/** A call of every tool of the catalogue, valid but for the user. */
export const calls: [name: string, args: () => Record<string, unknown>][] = TOOL_IDS.map((id) => [
  TOOLS[id].name,
  () => ({ ...TOOL_EXAMPLES[id] }),
]);
