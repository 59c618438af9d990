import { readFileSync } from "node:fs";
import { z } from "zod";

/** One variable that is missing or wrong. */
export type EnvProblem = { name: string; message: string };

/** Thrown by `parseEnv`; the message lists every problem, one a line. Never contains a value. */
export class EnvError extends Error {
  readonly problems: readonly EnvProblem[];

  constructor(problems: readonly EnvProblem[]) {
    const lines = problems.map(({ name, message }) => `  ${name}: ${message}`);
    super(`The environment has ${problems.length} problem${problems.length === 1 ? "" : "s"}:\n${lines.join("\n")}`);
    this.name = "EnvError";
    this.problems = problems;
  }
}

/**
 * Parses the environment with a zod object whose keys are variable names. `NAME_FILE` names a file that holds the
 * value of `NAME` (a mounted Secret; one trailing line break is dropped); an empty value counts as not set.
 * Throws `EnvError` with the full list of what is wrong.
 */
export function parseEnv<S extends z.ZodObject>(schema: S, source: NodeJS.ProcessEnv = process.env): z.output<S> {
  const problems: EnvProblem[] = [];
  const values: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    const read = readVariable(name, source);
    if (read.problem !== undefined) problems.push({ name, message: read.problem });
    else if (read.value !== undefined) values[name] = read.value;
  }
  const unreadable = new Set(problems.map((problem) => problem.name));
  const parsed = schema.safeParse(values);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const name = issue.path.length > 0 ? String(issue.path[0]) : "environment";
      if (unreadable.has(name)) continue;
      const missing = name in schema.shape && !(name in values) && issue.path.length === 1;
      problems.push({
        name,
        message: missing && issue.code !== "custom" ? missingMessage(schema, name) : issue.message,
      });
    }
  }
  if (problems.length > 0 || !parsed.success) throw new EnvError(problems);
  return parsed.data;
}

/** The parsed environment for a log line: secrets replaced, passwords inside URLs too. */
export function redactEnv(schema: z.ZodObject, env: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => {
      if (value === undefined || value === "") return [name, value];
      return [name, isSecret(schema, name) ? "[redacted]" : withoutPassword(value)];
    }),
  );
}

/** A row of the generated reference. `default` is the text a user would write; undefined when there is none. */
export type EnvRow = {
  name: string;
  description: string;
  required: boolean;
  default?: string;
  values?: string;
  secret: boolean;
};

/**
 * What the schema says about each variable, in its order, for the generated reference table. Throws when a variable has no
 * description.
 */
export function describeEnv(schema: z.ZodObject): EnvRow[] {
  const json = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  const required = new Set(json.required ?? []);
  return Object.entries(json.properties ?? {}).map(([name, property]) => {
    const field = typeof property === "object" ? property : {};
    if (!field.description) throw new Error(`${name} has no description; add .describe() to its schema`);
    const row: EnvRow = {
      name,
      description: field.description,
      required: required.has(name),
      secret: isSecret(schema, name),
    };
    if (field.default !== undefined && field.default !== "") row.default = String(field.default);
    if (field.enum) row.values = field.enum.join(" | ");
    return row;
  });
}

function readVariable(name: string, source: NodeJS.ProcessEnv): { value?: string; problem?: string } {
  const value = source[name] === "" ? undefined : source[name];
  const file = source[`${name}_FILE`];
  if (file === undefined || file === "") return value === undefined ? {} : { value };
  if (value !== undefined) return { problem: `is set twice, as ${name} and as ${name}_FILE; keep one of them` };
  try {
    const content = readFileSync(file, "utf8").replace(/\r?\n$/, "");
    return content === "" ? { problem: `${name}_FILE names an empty file (${file})` } : { value: content };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    return { problem: `${name}_FILE names a file that can't be read (${file}: ${code})` };
  }
}

function missingMessage(schema: z.ZodObject, name: string): string {
  const description = schema.shape[name] instanceof z.ZodType ? schema.shape[name].description : undefined;
  return description === undefined ? "is missing" : `is missing (${description})`;
}

function isSecret(schema: z.ZodObject, name: string): boolean {
  const field = schema.shape[name];
  const marked = field instanceof z.ZodType ? field.meta()?.secret : undefined;
  return marked === true || /(SECRETS?|PASSWORD|KEY|TOKEN)$/.test(name);
}

function withoutPassword(value: unknown): unknown {
  return typeof value === "string" ? value.replace(/^([a-z][a-z0-9+.-]*:\/\/[^:/@]*):.*@/i, "$1:[redacted]@") : value;
}
