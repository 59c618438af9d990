import { expect, it } from "vitest";
import { parseEnv } from "../../packages/kit/src/process/index.ts";
import { envSchema as apiEnv } from "../../services/api/src/env.ts";
import { envSchema as frontendEnv } from "../../services/frontend/server/env.ts";
import { envSchema as mcpEnv } from "../../services/mcp/src/env.ts";
import { envSchema as modelDemoEnv } from "../../services/model-demo/src/env.ts";
import type { Ports } from "./ports.ts";
import { devServices } from "./services.ts";

const SCHEMAS = { frontend: frontendEnv, api: apiEnv, mcp: mcpEnv, "model-demo": modelDemoEnv };

const ports: Ports = {
  frontend: 3000,
  exchange: 3001,
  api: 8000,
  mcp: 8001,
  model: 8002,
  frontendHealth: 9090,
  apiHealth: 9091,
  mcpHealth: 9092,
  postgres: 54_320,
};
const secret = "a-secret-of-more-than-32-characters-1";

const services = (env: NodeJS.ProcessEnv) =>
  devServices({
    root: "/checkout",
    ports,
    secrets: {
      instanceId: "0123abcd",
      authSecret: secret,
      exchangeClientSecret: secret,
      passwords: { auth: "a", app: "b" },
    },
    database: {
      label: "test",
      authUrl: "postgres://auth@127.0.0.1/t",
      appUrl: "postgres://app@127.0.0.1/t",
      tls: {},
      stop: async () => {},
    },
    env,
  });

it.each([
  ["the demo model", {}],
  ["the user's own model", { MODEL_NAME: "m", OPENAI_API_KEY: "k" }],
])("every service accepts the environment that make dev sets for %s", (_what, env) => {
  const { frontend, others } = services(env);
  const all = [frontend, ...others];
  expect(all.map(({ name }) => name).sort()).toEqual(Object.keys(SCHEMAS).sort());
  for (const service of all) {
    const schema = SCHEMAS[service.name as keyof typeof SCHEMAS];
    // As `startChild` runs it: the caller's environment with the service's own on top.
    expect(() => parseEnv(schema, { ...env, ...service.env }), service.name).not.toThrow();
  }
});

it("the frontend listens only on loopback, since anybody could sign up there", () => {
  const { command } = services({}).frontend;
  expect(command[command.indexOf("--hostname") + 1]).toBe("127.0.0.1");
});
