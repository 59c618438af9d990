import { parseEnv } from "@taskassistant/kit/process";
import { envSchema } from "./env.ts";
import { createFrontend, type Frontend } from "./frontend.ts";

const KEY = Symbol.for("taskassistant.frontend");
const store = globalThis as typeof globalThis & { [KEY]?: Frontend };

/**
 * The one frontend of this process. Next.js bundles `instrumentation.ts`, `proxy.ts` and the routes apart, each with
 * modules of its own; only `globalThis` is common to them. Throws `EnvError` when the environment is wrong. Never called
 * while building.
 */
export function frontend(): Frontend {
  store[KEY] ??= createFrontend(parseEnv(envSchema));
  return store[KEY];
}
