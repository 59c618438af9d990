/** How far a command is, for the operator. */
export interface Progress {
  /** What it does now, as a person reads it: `dumping`. */
  step: string;
  /** Encrypted bytes that were stored or read. */
  bytes: number;
  rows: number;
  /** 0 to 100; a guess until the end is known. */
  percent: number;
}

/** Nothing done yet. */
export function newProgress(): Progress {
  return { step: "connecting", bytes: 0, rows: 0, percent: 0 };
}

/** A whole percentage that stays below 100 until the command has ended. */
export function share(done: number, all: number): number {
  return all <= 0 ? 0 : Math.min(99, Math.floor((done / all) * 100));
}
