import type { Dropped } from "@taskassistant/dates";
import { createStore } from "../../../lib/store.ts";

/** A line and the recognised parts of it that the person took back. */
export interface TypedLine {
  readonly text: string;
  readonly dropped: readonly Dropped[];
}

export interface TypedState extends TypedLine {
  /** Lines that were pasted and may be several tasks. */
  readonly pasted: readonly string[];
  /** The pasted lines are being added. */
  readonly adding: boolean;
}

/** What is typed into quick add. It outlives the field, which goes when another view comes. */
export type TypedStore = ReturnType<typeof createTypedStore>;

const NOTHING: TypedLine = { text: "", dropped: [] };

export function createTypedStore() {
  const { subscribe, getSnapshot, publish } = createStore<TypedState>({ ...NOTHING, pasted: [], adding: false });

  /** Empties the field. Returns the function that gives the line back, unless another was begun since. */
  function take(): () => void {
    const { text, dropped } = getSnapshot();
    publish(NOTHING);
    return () => {
      if (getSnapshot().text === "") publish({ text, dropped });
    };
  }

  /** Adds the pasted lines, once. Those that `add` returns are left. */
  async function addPasted(add: (lines: readonly string[]) => Promise<readonly string[]>): Promise<void> {
    const { pasted, adding } = getSnapshot();
    if (adding) return;
    publish({ adding: true });
    publish({ pasted: await add(pasted), adding: false });
  }

  return {
    subscribe,
    getSnapshot,
    type: (text: string) => publish({ text }),
    drop: (parts: readonly Dropped[]) => publish({ dropped: [...getSnapshot().dropped, ...parts] }),
    paste: (pasted: readonly string[]) => publish({ pasted }),
    take,
    addPasted,
  };
}
