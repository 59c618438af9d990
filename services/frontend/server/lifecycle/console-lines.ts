import { format, stripVTControlCharacters } from "node:util";

const LEVELS = { debug: "debug", log: "info", info: "info", warn: "warn", error: "error" } as const;
type Method = keyof typeof LEVELS;

/**
 * Turns what Next.js prints on the console (its banner, the errors it reports) into JSON lines like those of the log, one
 * for each call and without colours. It runs before anything else is loaded.
 */
export function consoleAsLines(
  console: Pick<Console, Method>,
  write: (line: string) => void,
  now: () => Date = () => new Date(),
): void {
  for (const method of Object.keys(LEVELS) as Method[]) {
    console[method] = (...values: unknown[]) => {
      const msg = stripVTControlCharacters(format(...values)).trim();
      if (msg === "") return;
      write(`${JSON.stringify({ level: LEVELS[method], time: now().toISOString(), service: "frontend", msg })}\n`);
    };
  }
}
