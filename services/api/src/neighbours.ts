/** The programs that a run needs, besides the database and the model. */
const NEIGHBOURS = ["exchange", "mcp"] as const;

export type Neighbour = (typeof NEIGHBOURS)[number];

/** Milliseconds for which an outcome holds, so that strangers who ask cause no traffic inside. */
const VALID_MS = 5_000;
const TIMEOUT_MS = 2_000;

/** What the check needs. */
export interface NeighbourDeps {
  /** An address of each program that a run needs. */
  readonly addresses: Readonly<Record<Neighbour, string>>;
  readonly fetch?: typeof fetch;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
}

/**
 * Finds the neighbours that don't answer. Readiness of the pod doesn't show that a Service routes to one already, that a
 * network policy lets it through, or that its name is known. What it answers doesn't matter, unless it is a proxy's failure.
 */
export function createNeighbourCheck(deps: NeighbourDeps): () => Promise<readonly Neighbour[]> {
  const ask = deps.fetch ?? fetch;
  const now = deps.now ?? (() => performance.now());
  let last: { readonly at: number; readonly silent: Promise<readonly Neighbour[]> } | undefined;

  async function isSilent(url: string): Promise<boolean> {
    try {
      const answer = await ask(url, { redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) });
      await answer.body?.cancel();
      return answer.status >= 500;
    } catch {
      return true;
    }
  }

  async function check(): Promise<readonly Neighbour[]> {
    const silent = await Promise.all(NEIGHBOURS.map((name) => isSilent(deps.addresses[name])));
    return NEIGHBOURS.filter((_, index) => silent[index]);
  }

  return () => {
    if (last === undefined || now() - last.at >= VALID_MS) last = { at: now(), silent: check() };
    return last.silent;
  };
}
