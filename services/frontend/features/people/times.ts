const UNITS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const;

/** How far an instant is from now, in words such as "in 6 days" or "yesterday". */
export function fromNow(instant: string, now: number, locale = "en"): string {
  const ms = Date.parse(instant) - now;
  const format = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const [unit, size] = UNITS.find(([, each]) => Math.abs(ms) >= each) ?? UNITS[2];
  return format.format(Math.round(ms / size), unit);
}
