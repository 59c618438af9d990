/** Prints progress. Each line begins with the seconds since the start. */
export function stopwatch(out: NodeJS.WritableStream = process.stderr): { say(text: string): void } {
  const started = Date.now();
  return { say: (text) => void out.write(`${((Date.now() - started) / 1000).toFixed(1).padStart(6)} s  ${text}\n`) };
}
