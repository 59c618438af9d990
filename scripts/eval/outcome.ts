/** How one conversation ended. */
export interface Outcome {
  /** The conversation. */
  readonly name: string;
  /** `failed`: there was no answer to judge, such as when the model can't be reached. */
  readonly verdict: "right" | "wrong" | "failed";
  /** Why it is not right. */
  readonly why?: string;
  /** From the first message to the last answer. */
  readonly seconds: number;
  readonly modelCalls: number;
  readonly toolCalls: number;
}

/** The outcomes of one theme. */
export interface ThemeOutcome {
  readonly theme: string;
  readonly outcomes: readonly Outcome[];
}

const WIDTH = 56;

/** The row of a conversation: its name, verdict, seconds, calls of the model and of tools, and why it is not right. */
export function row({ name, verdict, why = "", seconds, modelCalls, toolCalls }: Outcome): string {
  const cells = [`  ${name}`.padEnd(WIDTH), verdict.padEnd(6), `${seconds.toFixed(1).padStart(6)} s`];
  return [...cells, calls(modelCalls, "model"), calls(toolCalls, "tool"), why].join("  ").trimEnd();
}

/** How many are right, in all and of each theme. */
export function totals(themes: readonly ThemeOutcome[]): string[] {
  const all = themes.flatMap(({ outcomes }) => outcomes);
  const rows = [...themes, { theme: "all", outcomes: all }];
  return rows.map(({ theme, outcomes }) => {
    const sum = (pick: (outcome: Outcome) => number) => outcomes.reduce((total, one) => total + pick(one), 0);
    const right = `${sum(({ verdict }) => Number(verdict === "right"))} of ${outcomes.length} right`;
    const failed = sum(({ verdict }) => Number(verdict === "failed"));
    const cells = [
      theme.padEnd(WIDTH),
      right.padEnd(14),
      `${sum(({ seconds }) => seconds)
        .toFixed(1)
        .padStart(6)} s`,
      calls(
        sum(({ modelCalls }) => modelCalls),
        "model",
      ),
      calls(
        sum(({ toolCalls }) => toolCalls),
        "tool",
      ),
      failed === 0 ? "" : `${failed} failed`,
    ];
    return cells.join("  ").trimEnd();
  });
}

/** The share of right conversations, in per cent. */
export function shareOf(themes: readonly ThemeOutcome[]): number {
  const all = themes.flatMap(({ outcomes }) => outcomes);
  return all.length === 0 ? 0 : (100 * all.filter(({ verdict }) => verdict === "right").length) / all.length;
}

function calls(count: number, of: string): string {
  return `${String(count).padStart(4)} ${of}`;
}
