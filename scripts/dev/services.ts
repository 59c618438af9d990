import { join } from "node:path";
import type { Colour } from "./child.ts";
import type { DevDatabase } from "./database.ts";
import type { Ports } from "./ports.ts";
import type { Secrets } from "./secrets.ts";

export type Service = {
  name: string;
  colour: Colour;
  cwd: string;
  command: readonly string[];
  env: Record<string, string>;
  /** Answers 200 when the service is ready. */
  readyUrl: string;
};

type Deps = { root: string; ports: Ports; secrets: Secrets; database: DevDatabase; env: NodeJS.ProcessEnv };

/** Seconds a service may take to end. Short, since the user has pressed Ctrl-C and waits. */
const GRACE = { SHUTDOWN_GRACE_SECONDS: "6" };

/** The four processes of `make dev`, each with the environment that the operator would set. */
export function devServices({ root, ports, secrets, database, env }: Deps): { frontend: Service; others: Service[] } {
  const publicUrl = `http://localhost:${ports.frontend}`;
  const auth = { BETTER_AUTH_URL: publicUrl, BETTER_AUTH_JWKS_URL: `${publicUrl}/api/auth/jwks` };
  const node = (name: string, colour: Colour, health: number, own: Record<string, string>): Service => ({
    name,
    colour,
    cwd: join(root, "services", name),
    command: [process.execPath, "--watch", "--watch-preserve-output", "src/main.ts"],
    env: { ...GRACE, ...own },
    readyUrl: `http://127.0.0.1:${health}/readyz`,
  });
  const others = [
    node("model-demo", "blue", ports.model, { PORT: String(ports.model) }),
    node("mcp", "magenta", ports.mcpHealth, {
      ...auth,
      ...database.tls,
      DATABASE_URL: database.appUrl,
      PORT: String(ports.mcp),
      HEALTH_PORT: String(ports.mcpHealth),
    }),
    node("api", "green", ports.apiHealth, {
      ...auth,
      ...database.tls,
      ...model(ports, env),
      DATABASE_URL: database.appUrl,
      PORT: String(ports.api),
      HEALTH_PORT: String(ports.apiHealth),
      EXCHANGE_CLIENT_SECRET: secrets.exchangeClientSecret,
      TOKEN_EXCHANGE_URL: `http://127.0.0.1:${ports.exchange}/oauth2/token`,
      MCP_SERVER_URL: `http://127.0.0.1:${ports.mcp}/mcp`,
    }),
  ];
  const next = join(root, "node_modules/next/dist/bin/next");
  const frontend: Service = {
    name: "frontend",
    colour: "cyan",
    cwd: join(root, "services/frontend"),
    // Without a host name it would listen on every interface of the machine, with sign-up open.
    command: [process.execPath, next, "dev", "--hostname", "127.0.0.1", "--port", String(ports.frontend)],
    env: {
      ...auth,
      ...database.tls,
      DATABASE_URL: database.authUrl,
      BETTER_AUTH_SECRET: secrets.authSecret,
      EXCHANGE_CLIENT_SECRET: secrets.exchangeClientSecret,
      PORT: String(ports.frontend),
      EXCHANGE_PORT: String(ports.exchange),
      HEALTH_PORT: String(ports.frontendHealth),
      API_URL: `http://127.0.0.1:${ports.api}`,
      SIGN_UP: "Open",
      TRUSTED_ORIGINS: `http://127.0.0.1:${ports.frontend}`,
      NEXT_TELEMETRY_DISABLED: "1",
    },
    readyUrl: `http://127.0.0.1:${ports.frontendHealth}/readyz`,
  };
  return { frontend, others };
}

/** The demo model, unless the caller's environment names another. */
function model(ports: Ports, env: NodeJS.ProcessEnv): Record<string, string> {
  if (env.MODEL_NAME) return { MODEL_PROVIDER: env.MODEL_PROVIDER || "OpenAICompatible" };
  return { MODEL_PROVIDER: "Demo", OPENAI_BASE_URL: `http://127.0.0.1:${ports.model}/v1` };
}
