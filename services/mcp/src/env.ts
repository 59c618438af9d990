import {
  countField,
  databaseFields,
  listField,
  quotaFields,
  serviceFields,
  urlField,
} from "@taskassistant/kit/process";
import { z } from "zod";

/** The environment of the MCP server. */
export const envSchema = z.object({
  ...serviceFields(8001),
  ...databaseFields,
  ...quotaFields,
  BETTER_AUTH_URL: urlField().describe(
    "Public URL of the assistant: issuer of the tokens; this server is /mcp below it.",
  ),
  BETTER_AUTH_JWKS_URL: urlField().describe("Where the issuer's public keys are fetched, usually inside the cluster."),
  ALLOWED_HOSTS: listField().describe(
    "Host names clients reach this server by, without ports. localhost, 127.0.0.1 and the public name are always allowed.",
  ),
  REQUESTS_PER_MINUTE: countField(600, { min: 0, max: 1_000_000 }).describe(
    "Maximum number of requests of one user in a minute at one replica; 0 switches the limit off.",
  ),
});
