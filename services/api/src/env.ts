import {
  countField,
  databaseFields,
  listField,
  quotaFields,
  serviceFields,
  urlField,
} from "@taskassistant/kit/process";
import { z } from "zod";
import { modelFields } from "./model-env.ts";

/** Everything the API reads from its environment. A missing or wrong variable ends the process with the full list. */
export const envSchema = z
  .object({
    ...serviceFields(8000),
    ...databaseFields,
    ...quotaFields,
    BETTER_AUTH_URL: urlField().describe("Public URL of the assistant: the issuer of every token."),
    BETTER_AUTH_JWKS_URL: urlField().describe(
      "Where the frontend publishes its key set, as seen from inside the cluster, such as http://frontend:3000/api/auth/jwks.",
    ),
    TOKEN_EXCHANGE_URL: urlField().describe(
      "The frontend's token exchange (RFC 8693), reachable from inside the cluster only, such as http://frontend:3001/oauth2/token.",
    ),
    EXCHANGE_CLIENT_SECRET: z
      .string()
      .min(16, "is shorter than 16 characters")
      .describe("The API's credential at the token exchange."),
    MCP_SERVER_URL: urlField().describe("The MCP server whose tools the agent uses, such as http://mcp:8001/mcp."),
    MODEL_PROVIDER: z
      .enum(["OpenAICompatible", "Demo"], { error: "is neither OpenAICompatible nor Demo" })
      .default("OpenAICompatible")
      .describe("Demo is the deterministic model that comes with the product and needs no key."),
    OPENAI_BASE_URL: urlField()
      .optional()
      .describe(
        "Base URL of an OpenAI-compatible chat completions endpoint; https://api.openai.com/v1 by default. Required with the provider Demo, where it is the address of the demo model.",
      ),
    OPENAI_API_KEY: z
      .string()
      .optional()
      .describe("API key of the model provider. Models inside the cluster often need none."),
    MODEL_NAME: z
      .string()
      .optional()
      .describe("Name of the model at the provider. Required unless MODEL_PROVIDER is Demo."),
    ...modelFields,
    MODEL_TIMEOUT_SECONDS: countField(120, { min: 1, max: 3600 }).describe(
      "Maximum wait for the beginning of a model's answer, in seconds.",
    ),
    MODEL_IDLE_TIMEOUT_SECONDS: countField(120, { min: 1, max: 3600 }).describe(
      "Maximum silence within a model's answer, in seconds. Bytes of any kind end it.",
    ),
    MODEL_MAX_RETRIES: countField(2, { min: 0, max: 10 }).describe(
      "Maximum number of times a failed model call is repeated. A call is not repeated once a part of its answer has been shown.",
    ),
    AGENT_SYSTEM_PROMPT: z
      .string()
      .max(32_000)
      .optional()
      .describe(
        "Replaces the built-in description of the assistant's manner. The rules for tools, dates and safety stay.",
      ),
    AGENT_MAX_STEPS: countField(8, { min: 1, max: 64 }).describe("Maximum number of model calls for one question."),
    AGENT_TURN_TIMEOUT_SECONDS: countField(300, { min: 5, max: 3600 }).describe(
      "Maximum time for one question, in seconds.",
    ),
    AGENT_MAX_CONCURRENT_TURNS_PER_USER: countField(3, { min: 1, max: 1_000 }).describe(
      "Maximum number of questions of one user that one replica answers at a time.",
    ),
    AGENT_MAX_CONCURRENT_TURNS: countField(100, { min: 1, max: 100_000 }).describe(
      "Maximum number of questions that one replica answers at a time.",
    ),
    REQUESTS_PER_MINUTE: countField(600, { min: 0, max: 1_000_000 }).describe(
      "Maximum number of requests of one user per minute at one replica; 0 switches the limit off.",
    ),
    CORS_ORIGINS: listField()
      .pipe(
        z.array(
          z
            .string()
            .refine(isOrigin, { error: "holds an entry that is not an origin such as https://app.example.com" }),
        ),
      )
      .describe(
        "Comma-separated list of other origins whose pages may call the API with a bearer token, never with cookies.",
      ),
  })
  .refine((env) => env.MODEL_PROVIDER === "Demo" || env.MODEL_NAME !== undefined, {
    path: ["MODEL_NAME"],
    error: "is missing; name a model of the provider",
    // Also checked when other variables are wrong, so that the list of problems is complete.
    when: () => true,
  })
  .refine((env) => env.MODEL_PROVIDER !== "Demo" || env.OPENAI_BASE_URL !== undefined, {
    path: ["OPENAI_BASE_URL"],
    error: "is missing; say where the demo model is, such as http://127.0.0.1:8002/v1",
    when: () => true,
  });
export type Env = z.output<typeof envSchema>;

function isOrigin(text: string): boolean {
  try {
    const url = new URL(text);
    return ["http:", "https:"].includes(url.protocol) && url.origin === text;
  } catch {
    return false;
  }
}
