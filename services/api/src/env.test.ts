import { EnvError, parseEnv } from "@taskassistant/kit/process";
import { expect, test } from "vitest";
import { envSchema } from "./env.ts";
import { modelOf } from "./model-env.ts";

const good = {
  DATABASE_URL: "postgres://app:secret@db:5432/ta",
  BETTER_AUTH_URL: "https://tasks.example.com/",
  BETTER_AUTH_JWKS_URL: "http://frontend:3000/api/auth/jwks",
  TOKEN_EXCHANGE_URL: "http://frontend:3001/oauth2/token",
  EXCHANGE_CLIENT_SECRET: "a-secret-of-some-length",
  MCP_SERVER_URL: "http://mcp:8001/mcp",
  MODEL_PROVIDER: "Demo",
  OPENAI_BASE_URL: "http://model:8002/v1",
};

test("the smallest environment gives the documented defaults", () => {
  const env = parseEnv(envSchema, good);
  expect(env).toMatchObject({
    PORT: 8000,
    BETTER_AUTH_URL: "https://tasks.example.com",
    AGENT_MAX_STEPS: 8,
    AGENT_TURN_TIMEOUT_SECONDS: 300,
    MODEL_TIMEOUT_SECONDS: 120,
    MODEL_MAX_RETRIES: 2,
    AGENT_MAX_CONCURRENT_TURNS_PER_USER: 3,
    AGENT_MAX_CONCURRENT_TURNS: 100,
    REQUESTS_PER_MINUTE: 600,
    CORS_ORIGINS: [],
  });
  expect(modelOf(env)).toMatchObject({ provider: "Demo", name: "demo", baseURL: "http://model:8002/v1" });
});

test("only a provider other than the demo model has a default address", () => {
  const { OPENAI_BASE_URL: _, ...nowhere } = good;
  expect(() => parseEnv(envSchema, nowhere)).toThrow(/OPENAI_BASE_URL: is missing/);
  const outside = parseEnv(envSchema, { ...nowhere, MODEL_PROVIDER: "OpenAICompatible", MODEL_NAME: "some-model" });
  expect(modelOf(outside)).toMatchObject({
    provider: "OpenAICompatible",
    name: "some-model",
    baseURL: "https://api.openai.com/v1",
  });
});

test("all wrong variables are listed at once", () => {
  const wrong = {
    MODEL_PROVIDER: "Magic",
    CORS_ORIGINS: "https://ok.example,https://no.example/path",
    EXCHANGE_CLIENT_SECRET: "short",
  };
  let problems: readonly { name: string }[] = [];
  try {
    parseEnv(envSchema, wrong);
  } catch (error) {
    if (error instanceof EnvError) problems = error.problems;
  }
  expect(new Set(problems.map((problem) => problem.name))).toEqual(
    new Set([
      "BETTER_AUTH_URL",
      "BETTER_AUTH_JWKS_URL",
      "TOKEN_EXCHANGE_URL",
      "MCP_SERVER_URL",
      "DATABASE_URL",
      "MODEL_PROVIDER",
      "MODEL_NAME",
      "CORS_ORIGINS",
      "EXCHANGE_CLIENT_SECRET",
    ]),
  );
});

test.each(["*", "https://app.example.com/", "app.example.com", "https://u:p@app.example.com", "ftp://app.example.com"])(
  "CORS_ORIGINS refuses %s, which is not an origin",
  (origin) => {
    expect(() => parseEnv(envSchema, { ...good, CORS_ORIGINS: origin })).toThrow(/CORS_ORIGINS/);
  },
);

test("a provider other than the demo model needs the name of a model", () => {
  expect(() => parseEnv(envSchema, { ...good, MODEL_PROVIDER: "OpenAICompatible" })).toThrow(/MODEL_NAME: is missing/);
});
