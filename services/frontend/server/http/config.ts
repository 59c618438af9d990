import type { Env } from "../env.ts";
import type { Handler } from "./handled.ts";

/** What the pages need to know before anybody signs in; nothing of it is secret. */
export type AppConfig = {
  /** Whether anybody may create an account. */
  signUp: Env["SIGN_UP"];
};

/** `GET /api/config`. Read by the browser, so that nothing has to be baked into the pages when they are built. */
export function createConfigRoute(config: AppConfig): Handler {
  return () => Response.json(config, { headers: { "cache-control": "no-store" } });
}
