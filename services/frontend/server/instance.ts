import { parseEnv } from "@taskassistant/kit/process";
import { envSchema } from "./env.ts";
import { createFrontend, type Frontend } from "./frontend.ts";

const KEY = Symbol.for("taskassistant.frontend");
const store = globalThis as typeof globalThis & { [KEY]?: Frontend };

/**
 * Returns the frontend of this process, which the first call creates. Next.js bundles `instrumentation.ts`, `proxy.ts` and
 * the routes separately, each with its own modules, so they share only `globalThis`. Throws `EnvError` if the environment
 * is wrong. The build must not call this.
 */
export function frontend(): Frontend {
  store[KEY] ??= createFrontend(parseEnv(envSchema));
  return store[KEY];
}
