/** The cards about what the assistant did. The sentence about each tool is in the catalogue of tools. */
export const words = {
  tasks: (count: number) => `${new Intl.NumberFormat("en").format(count)} ${count === 1 ? "task" : "tasks"}`,
  about: (running: string, title: string) => `${running} “${title}”`,
  unfinished: (sentence: string) => `Not finished: ${sentence}`,
  other: {
    running: (tool: string) => `Using ${tool}`,
    done: (tool: string) => `Used ${tool}`,
    failed: (tool: string) => `${tool} failed`,
  },

  details: "Show details",
  hide: "Hide details",
  input: (tool: string) => `Input of ${tool}`,
  result: "Result",
  error: "Error",
  all: (count: number) => `Show all ${count}`,
  more: (count: number) => `${count} more in your tasks`,
  undone: "Undone",
  undoFailed: "Some changes couldn’t be undone. Check your tasks.",
};
