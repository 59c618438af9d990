import type { AppConfig } from "@taskassistant/contracts";
import type { Handler } from "./handled.ts";

/** Handles `GET /api/config`. The browser reads it at run time, so that nothing has to be built into the pages. */
export function createConfigRoute(config: AppConfig): Handler {
  return () => Response.json(config, { headers: { "cache-control": "no-store" } });
}
