import { styleText } from "node:util";
import { isRecord } from "../../packages/contracts/src/index.ts";

const SHOWN_APART = new Set(["level", "time", "service", "msg", "err", "method", "path", "status", "duration_ms"]);

/** Formats one line of a service's output for a terminal. Lines that are not JSON logs stay unchanged. */
export function readable(line: string): string {
  const entry = parse(line);
  if (entry === undefined) return line;
  const { level, msg, err } = entry;
  const text = [requestOf(entry) ?? String(msg ?? ""), ...fieldsOf(entry)].join(" ").trim();
  const stack = isRecord(err) ? `\n${String(err.stack ?? err.message)}` : "";
  if (level === "error" || level === "fatal") return styleText("red", `${text}${stack}`);
  if (level === "warn") return styleText("yellow", `${text}${stack}`);
  return text;
}

function requestOf({ method, path, status, duration_ms }: Record<string, unknown>): string | undefined {
  if (method === undefined || status === undefined) return undefined;
  return `${method} ${path} ${status} ${duration_ms} ms`;
}

function fieldsOf(entry: Record<string, unknown>): string[] {
  // A service's first line repeats its whole environment, which the supervisor has just set.
  if (entry.msg === "starting") return [];
  return Object.entries(entry)
    .filter(([name]) => !SHOWN_APART.has(name))
    .map(([name, value]) => styleText("dim", `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`));
}

function parse(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
