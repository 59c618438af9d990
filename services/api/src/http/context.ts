import type { ApiClaims } from "@taskassistant/contracts";

/** What the gate leaves for the routes. */
export type ApiEnv = {
  Variables: {
    requestId: string;
    claims: ApiClaims;
    /** The API token itself, for the exchange only. */
    token: string;
  };
};
