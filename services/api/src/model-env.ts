import { readFileSync } from "node:fs";
import { isRecord } from "@taskassistant/contracts";
import { countField, urlField } from "@taskassistant/kit/process";
import { z } from "zod";
import { RESERVED_PARAMETERS, type RequestSettings } from "./agent/model/chat-completions/request.ts";
import type { Env } from "./env.ts";

/** Variables about what is sent to the model server, and how. All are optional. */
export const modelFields = {
  MODEL_REASONING_EFFORT: z
    .string()
    .max(32)
    .optional()
    .describe("How much the model thinks (`reasoning_effort`), such as none, low or high. Not sent by default."),
  MODEL_MAX_OUTPUT_TOKENS: countField(0, { min: 0, max: 10_000_000 }).describe(
    "Maximum number of tokens of one answer (`max_tokens`); 0 leaves it to the provider.",
  ),
  MODEL_TEMPERATURE: z.coerce
    .number({ error: "is not a number" })
    .min(0, "is below the minimum, 0")
    .max(2, "is above the maximum, 2")
    .optional()
    .describe("Temperature of the model's words, from 0 to 2. Not sent by default."),
  MODEL_EXTRA_BODY: z
    .string()
    .max(4_096)
    .transform(jsonObject)
    .optional()
    .describe(
      "Further parameters of the provider's own, as a JSON object. It can't set model, messages, tools or stream.",
    ),
  MODEL_HEADERS: z
    .string()
    .transform(headerLines)
    .optional()
    .meta({ secret: true })
    .describe("Further headers of every request to the model server, one a line as `name: value`."),
  MODEL_CA_FILE: z
    .string()
    .optional()
    .describe("PEM file with certificate authorities to trust for the model server, besides the public ones."),
  MODEL_PROXY_URL: urlField()
    .optional()
    .describe("HTTP proxy for requests to the model server, such as http://proxy.example.com:3128."),
  MODEL_NO_PROXY: z
    .string()
    .default("")
    .describe("Comma-separated list of hosts of model servers that are reached without the proxy."),
};

/** Where the model is and what is sent to it, with the defaults that depend on the provider. Reads the CA file. */
export function modelOf(env: Env) {
  return {
    provider: env.MODEL_PROVIDER,
    baseURL: env.OPENAI_BASE_URL ?? "https://api.openai.com/v1",
    name: env.MODEL_NAME ?? "demo",
    // A Secret made from a file often ends with a line break, which no header may hold.
    apiKey: env.OPENAI_API_KEY?.trim(),
    headers: env.MODEL_HEADERS ?? {},
    ca: env.MODEL_CA_FILE === undefined ? undefined : readFileSync(env.MODEL_CA_FILE, "utf8"),
    proxy: env.MODEL_PROXY_URL === undefined ? undefined : { url: env.MODEL_PROXY_URL, noProxy: env.MODEL_NO_PROXY },
    settings: settingsOf(env),
  };
}

function settingsOf(env: Env): RequestSettings {
  return {
    reasoningEffort: env.MODEL_REASONING_EFFORT,
    maxOutputTokens: env.MODEL_MAX_OUTPUT_TOKENS === 0 ? undefined : env.MODEL_MAX_OUTPUT_TOKENS,
    temperature: env.MODEL_TEMPERATURE,
    extraBody: env.MODEL_EXTRA_BODY,
  };
}

function jsonObject(text: string, context: z.RefinementCtx<string>): Record<string, unknown> {
  const problem = (message: string) => {
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return problem("is not JSON");
  }
  if (!isRecord(value)) return problem("is not a JSON object");
  const reserved = RESERVED_PARAMETERS.filter((name) => name in value);
  return reserved.length > 0 ? problem(`can't set ${reserved.join(", ")}`) : value;
}

function headerLines(text: string, context: z.RefinementCtx<string>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of text.split(/[\r\n]+/)) {
    if (line.trim() === "") continue;
    const [, name, value] = /^\s*([A-Za-z0-9-]{1,64}):\s*([\t\x20-\x7e]*?)\s*$/.exec(line) ?? [];
    if (name === undefined || value === undefined || value === "") {
      context.addIssue({ code: "custom", message: "holds a line that is not a header such as `api-key: value`" });
      return z.NEVER;
    }
    headers[name.toLowerCase()] = value;
  }
  return headers;
}
