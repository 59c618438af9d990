/** A change of the person that can be taken back. */
export interface UndoStep {
  /** What taking it back says, such as “Reopened “Buy milk””. */
  readonly undone: string;
  /** Resolves to whether it worked; when it did not, the person has been told. */
  readonly undo: () => Promise<boolean>;
}

/** What came of taking a step back. */
export type Undone = UndoStep | "failed" | "nothing";

export type UndoHistory = ReturnType<typeof createUndoHistory>;

/** Most steps that can be taken back; what is older is forgotten. */
export const UNDO_MAX = 50;

/** The changes of this page, so that they can be taken back one after another. */
export function createUndoHistory() {
  let steps: readonly UndoStep[] = [];

  async function take(step: UndoStep | undefined): Promise<Undone> {
    if (step === undefined || !steps.includes(step)) return "nothing";
    steps = steps.filter((other) => other !== step);
    return (await step.undo()) ? step : "failed";
  }

  return {
    /** Remembers a change. Returns a function that takes this one back, once, whatever came after it. */
    record(step: UndoStep): () => Promise<Undone> {
      steps = [...steps, step].slice(-UNDO_MAX);
      return () => take(step);
    },
    /** Takes the latest change back. */
    undoLast: () => take(steps.at(-1)),
    /** Forgets a change that did not happen. */
    forget(step: UndoStep): void {
      steps = steps.filter((other) => other !== step);
    },
  };
}
