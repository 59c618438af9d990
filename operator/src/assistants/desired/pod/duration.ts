const SECONDS: Record<string, number> = { s: 1, m: 60, h: 3600 };

/** Seconds of a duration in Go notation as the CRD accepts it (`90s`, `1h30m`). Throws for anything else. */
export function seconds(duration: string): number {
  if (!/^(\d+[smh])+$/.test(duration)) throw new Error(`"${duration}" is not a duration`);
  let total = 0;
  for (const [, count, unit] of duration.matchAll(/(\d+)([smh])/g)) total += Number(count) * (SECONDS[unit ?? ""] ?? 0);
  return total;
}
