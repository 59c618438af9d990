import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { describeEnv, EnvError, parseEnv, redactEnv } from "./env.ts";
import { databaseFields, listField, serviceFields, urlField } from "./env-fields.ts";

const schema = z.object({
  ...serviceFields(8000),
  ...databaseFields,
  ISSUER: urlField().describe("Public URL."),
  API_KEY: z.string().min(8, "is too short").describe("A key."),
  ORIGINS: listField().describe("A list."),
});

const good = { DATABASE_URL: "postgres://app:pass@db/ta", ISSUER: "https://ta.example/", API_KEY: "12345678" };

function problemsOf(source: NodeJS.ProcessEnv): string[] {
  try {
    parseEnv(schema, source);
  } catch (error) {
    if (error instanceof EnvError) return error.problems.map(({ name, message }) => `${name} ${message}`);
    throw error;
  }
  throw new Error("expected problems");
}

const folder = mkdtempSync(join(tmpdir(), "kit-env-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function fileWith(content: string): string {
  const file = join(folder, `value-${files++}`);
  writeFileSync(file, content);
  return file;
}

describe("parseEnv", () => {
  it("applies defaults and reads numbers, lists and URLs", () => {
    expect(parseEnv(schema, { ...good, PORT: "9000", ORIGINS: " https://a , ,https://b" })).toMatchObject({
      PORT: 9000,
      HEALTH_PORT: 9090,
      LOG_LEVEL: "info",
      SHUTDOWN_GRACE_SECONDS: 20,
      DATABASE_SSL_MODE: "disable",
      ISSUER: "https://ta.example",
      ORIGINS: ["https://a", "https://b"],
    });
  });

  it("lists everything that is wrong at once, without any value", () => {
    const source = {
      PORT: "eighty",
      LOG_LEVEL: "loud",
      DATABASE_URL: "mysql://u:hunter2@db",
      ISSUER: "ta.example",
      DATABASE_POOL_SIZE: "0",
      HEALTH_PORT: "70000",
    };
    expect(problemsOf(source).sort()).toEqual([
      "API_KEY is missing (A key.)",
      "DATABASE_POOL_SIZE is below the minimum, 1",
      "DATABASE_URL is not a URL that starts with postgres://",
      "HEALTH_PORT is not a port (0 to 65535)",
      "ISSUER is not a URL that starts with http:// or https://",
      "LOG_LEVEL is not a log level",
      "PORT is not a number",
    ]);
    expect(() => parseEnv(schema, source)).toThrow(/The environment has 7 problems:\n {2}PORT: is not a number\n/);
    expect(problemsOf(source).join()).not.toContain("hunter2");
  });

  it("takes an empty value for no value", () => {
    expect(problemsOf({ ...good, API_KEY: "" })).toEqual(["API_KEY is missing (A key.)"]);
    expect(parseEnv(schema, { ...good, PORT: "" }).PORT).toBe(8000);
  });

  it("reads NAME_FILE and drops one trailing line break", () => {
    const { API_KEY: _, ...rest } = good;
    expect(parseEnv(schema, { ...rest, API_KEY_FILE: fileWith("from-a-file\n") }).API_KEY).toBe("from-a-file");
    expect(parseEnv(schema, { ...rest, API_KEY_FILE: fileWith("two-lines\n\n") }).API_KEY).toBe("two-lines\n");
  });

  it("says what is wrong with NAME_FILE", () => {
    const { API_KEY: _, ...rest } = good;
    expect(problemsOf({ ...rest, API_KEY_FILE: "/nowhere/key" })).toEqual([
      "API_KEY API_KEY_FILE names a file that can't be read (/nowhere/key: ENOENT)",
    ]);
    expect(problemsOf({ ...good, API_KEY_FILE: fileWith("x") })).toEqual([
      "API_KEY is set twice, as API_KEY and as API_KEY_FILE; keep one of them",
    ]);
    expect(problemsOf({ ...rest, API_KEY_FILE: fileWith("\n") })[0]).toContain("names an empty file");
  });
});

describe("redactEnv", () => {
  it("hides secrets and passwords inside URLs, and nothing else", () => {
    const marked = schema.extend({ PIN: z.string().meta({ secret: true }) });
    const env = parseEnv(marked, { ...good, PIN: "1234" });
    const printed = redactEnv(marked, env);
    expect(printed).toMatchObject({
      DATABASE_URL: "postgres://app:[redacted]@db/ta",
      API_KEY: "[redacted]",
      PIN: "[redacted]",
      ISSUER: "https://ta.example",
      PORT: 8000,
    });
    expect(JSON.stringify(printed)).not.toMatch(/pass@|12345678|1234/);
  });
});

describe("describeEnv", () => {
  it("gives a row for each variable", () => {
    const rows = Object.fromEntries(describeEnv(schema).map((row) => [row.name, row]));
    expect(Object.keys(rows)).toEqual(Object.keys(schema.shape));
    expect(rows.PORT).toEqual({
      name: "PORT",
      description: "Port the service listens on.",
      required: false,
      default: "8000",
      secret: false,
    });
    expect(rows.API_KEY).toMatchObject({ required: true, secret: true });
    expect(rows.DATABASE_SSL_MODE).toMatchObject({
      default: "disable",
      values: "disable | require | verify-ca | verify-full",
    });
    expect(rows.ORIGINS).toMatchObject({ required: false });
    expect(rows.ORIGINS).not.toHaveProperty("default");
  });

  it("refuses a variable without a description, as its row would say nothing", () => {
    expect(() => describeEnv(z.object({ A: z.string().describe("First."), B: z.string() }))).toThrow(
      "B has no description",
    );
  });
});
