import { readToolOutput, toolNamed } from "@taskassistant/contracts/tools";
import type { UIMessageChunk } from "ai";

/** Reports the ids of the tasks that each tool call of a stream touched, once the call is over. */
export function createTaskReporter(report: (taskIds: readonly string[]) => void) {
  const toolNames = new Map<string, string>();

  return (chunk: UIMessageChunk): void => {
    if (chunk.type === "tool-input-start" || chunk.type === "tool-input-available") {
      toolNames.set(chunk.toolCallId, chunk.toolName);
    }
    if (chunk.type === "tool-output-error") report([]);
    if (chunk.type === "tool-output-available") {
      const tool = toolNamed(toolNames.get(chunk.toolCallId) ?? "");
      report(tool === undefined ? [] : readToolOutput(tool.output, chunk.output).tasks.map(({ id }) => id));
    }
  };
}
