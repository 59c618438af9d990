import { parseEnv } from "../../packages/kit/src/process/index.ts";
import { envSchema } from "../../services/api/src/env.ts";
import type { ApiDeps } from "../../services/api/src/index.ts";
import { modelOf } from "../../services/api/src/model-env.ts";
import { THEMES, type Theme } from "./scenarios/index.ts";

/** What a run is asked to do. */
export interface Settings {
  readonly themes: readonly Theme[];
  /** Per cent of right conversations below which the run fails. */
  readonly min: number | undefined;
  /** The API's model; undefined for the demo model. */
  readonly model: ApiDeps["model"] | undefined;
  readonly agent: Partial<ApiDeps["agent"]>;
}

/** The API needs them as well. A run makes its own. */
const OF_ITS_OWN = {
  BETTER_AUTH_URL: "http://127.0.0.1",
  BETTER_AUTH_JWKS_URL: "http://127.0.0.1",
  TOKEN_EXCHANGE_URL: "http://127.0.0.1",
  EXCHANGE_CLIENT_SECRET: "a-secret-that-nobody-asks-for",
  MCP_SERVER_URL: "http://127.0.0.1",
  DATABASE_URL: "postgres://127.0.0.1/unused",
};

/**
 * Reads the variables of a run: `ONLY`, `MIN`, and those of the API that are about its model and its agent. Without
 * `MODEL_NAME` the model is the demo model. Throws with a sentence for the person, or `EnvError`.
 */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const { ONLY = "", MIN = "" } = env;
  const only = ONLY.split(",").filter((name) => name.trim() !== "");
  const unknown = only.filter((part) => !THEMES.some(({ name }) => holds(name, part)));
  if (unknown.length > 0) {
    const names = THEMES.map(({ name }) => name).join("; ");
    throw new Error(`ONLY names ${unknown.join(", ")}, which is part of no theme; the themes are: ${names}`);
  }
  if (MIN !== "" && !(/^\d{1,3}$/.test(MIN) && Number(MIN) <= 100))
    throw new Error(`MIN is ${MIN}; it has to be a whole number of per cent, from 0 to 100`);
  return {
    themes: THEMES.filter(({ name }) => only.length === 0 || only.some((part) => holds(name, part))),
    min: MIN === "" ? undefined : Number(MIN),
    ...ofApi(env),
  };
}

function holds(name: string, part: string): boolean {
  return name.toLowerCase().includes(part.trim().toLowerCase());
}

function ofApi(env: NodeJS.ProcessEnv): Pick<Settings, "model" | "agent"> {
  const isDemo = !env.MODEL_NAME;
  const provider = isDemo ? { MODEL_PROVIDER: "Demo", OPENAI_BASE_URL: "http://127.0.0.1" } : {};
  const parsed = parseEnv(envSchema, { ...env, ...OF_ITS_OWN, ...provider });
  return {
    model: isDemo
      ? undefined
      : {
          ...modelOf(parsed),
          timeoutSeconds: parsed.MODEL_TIMEOUT_SECONDS,
          idleSeconds: parsed.MODEL_IDLE_TIMEOUT_SECONDS,
          maxRetries: parsed.MODEL_MAX_RETRIES,
        },
    agent: {
      systemPrompt: parsed.AGENT_SYSTEM_PROMPT,
      maxSteps: parsed.AGENT_MAX_STEPS,
      runTimeoutSeconds: parsed.AGENT_TURN_TIMEOUT_SECONDS,
    },
  };
}
