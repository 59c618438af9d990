import { format, stripVTControlCharacters } from "node:util";

const LEVELS = { debug: "debug", log: "info", info: "info", warn: "warn", error: "error" } as const;
type Method = keyof typeof LEVELS;

/**
 * Makes what Next.js says on the console (its banner, errors it reports) lines of JSON like all others of the log, one
 * for each call, without colours. Has no imports of ours: it runs before anything else is loaded.
 */
export function consoleAsLines(
  console: Pick<Console, Method>,
  write: (line: string) => void,
  now: () => Date = () => new Date(),
): void {
  for (const method of Object.keys(LEVELS) as Method[]) {
    console[method] = (...said: unknown[]) => {
      const msg = stripVTControlCharacters(format(...said)).trim();
      if (msg === "") return;
      write(`${JSON.stringify({ level: LEVELS[method], time: now().toISOString(), service: "frontend", msg })}\n`);
    };
  }
}
