import type { ApiClaims, Me } from "@taskassistant/contracts";
import type { Database } from "@taskassistant/db";
import type { Budget, HoldBody } from "@taskassistant/kit/guard";
import type { RunRegistry } from "../runs/registry.ts";
import type { RespondJson } from "./routing/large-response.ts";

/** What the middleware leaves for the routes. */
export interface ApiEnv {
  Variables: {
    requestId: string;
    claims: ApiClaims;
    /** The API token itself, for the exchange only. */
    token: string;
  };
}

/** What the routes work with. */
export interface RouteDeps {
  readonly db: Database;
  readonly runs: RunRegistry;
  readonly model: Me["model"];
  readonly respondJson: RespondJson;
  /** What large answers share. */
  readonly responses: Budget;
  readonly holdBody: HoldBody;
}
