/** Bytes that many share. */
export interface Budget {
  /**
   * Takes bytes for an owner and returns how to give them back, which is safe to repeat. When there are not enough, those who
   * hold theirs for longest give way: `giveWay` is called, which must soon lead to the return of the bytes. Undefined when that
   * is not enough either, or when the owner alone would hold too many.
   */
  take(owner: string, bytes: number, giveWay: () => void): (() => void) | undefined;
  /** Bytes taken at present. */
  taken(): number;
}

export interface BudgetOptions {
  /** All bytes. */
  readonly bytes: number;
  /** Maximum bytes of one owner; all of them unless given. */
  readonly bytesPerOwner?: number;
  /** How long someone may hold bytes before having to give way, in milliseconds. */
  readonly holdMs: number;
  /** A clock in milliseconds that never goes back. */
  readonly now?: () => number;
}

interface Holding {
  readonly owner: string;
  readonly bytes: number;
  readonly since: number;
  readonly giveWay: () => void;
}

/** Bounds what many hold in memory together, so that those who are slow give way to those who are not. */
export function createBudget(options: BudgetOptions): Budget {
  const { bytes: total, bytesPerOwner = total, holdMs, now = () => performance.now() } = options;
  /** The oldest first. */
  const holdings = new Set<Holding>();
  const byOwner = new Map<string, number>();
  let taken = 0;
  return { take, taken: () => taken };

  function take(owner: string, bytes: number, giveWay: () => void): (() => void) | undefined {
    makeRoom(
      bytes,
      () => true,
      () => taken,
      total,
    );
    makeRoom(
      bytes,
      (holding) => holding.owner === owner,
      () => byOwner.get(owner) ?? 0,
      bytesPerOwner,
    );
    if (taken + bytes > total || (byOwner.get(owner) ?? 0) + bytes > bytesPerOwner) return undefined;
    const holding = { owner, bytes, since: now(), giveWay };
    holdings.add(holding);
    add(holding, 1);
    return () => giveBack(holding);
  }

  function makeRoom(bytes: number, concerns: (holding: Holding) => boolean, used: () => number, max: number): void {
    if (used() + bytes <= max) return;
    const until = now() - holdMs;
    for (const holding of holdings) {
      if (holding.since > until || used() + bytes <= max) return;
      if (!concerns(holding)) continue;
      giveBack(holding);
      holding.giveWay();
    }
  }

  function giveBack(holding: Holding): void {
    if (holdings.delete(holding)) add(holding, -1);
  }

  function add({ owner, bytes }: Holding, sign: 1 | -1): void {
    taken += sign * bytes;
    const own = (byOwner.get(owner) ?? 0) + sign * bytes;
    if (own === 0) byOwner.delete(owner);
    else byOwner.set(owner, own);
  }
}
