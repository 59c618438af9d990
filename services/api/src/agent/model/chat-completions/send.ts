import { withDeadline } from "@taskassistant/kit/failures";
import { readText } from "@taskassistant/kit/fetch";
import { ModelError, ProviderError, ProviderUnreachableError } from "../errors.ts";

/** Maximum size of an error's body that is looked at, in bytes. */
const ERROR_MAX = 64 * 1024;

export interface Endpoint {
  readonly baseURL: string;
  /** Undefined for models that need none; then no `Authorization` header is sent. */
  readonly apiKey: string | undefined;
  /** Longest wait for the head of the answer, in milliseconds. */
  readonly firstTimeoutMs: number;
}

/**
 * Posts the body to the endpoint's chat completions and returns the answer once its head has arrived. It follows no
 * redirect, since the key would go wherever that points. Throws `ProviderError` for any status other than 2xx,
 * `ProviderUnreachableError`, `ModelError` when it takes too long, or the abort reason of the signal.
 */
export async function send(endpoint: Endpoint, body: object, signal: AbortSignal): Promise<Response> {
  const response = await withDeadline(post(endpoint, body, signal), endpoint.firstTimeoutMs, tooLate);
  if (response.ok) return response;
  // Beyond the limit the body is not read; the status still counts.
  const text = await withDeadline(readText(response, ERROR_MAX), endpoint.firstTimeoutMs, tooLate).catch(() => "");
  signal.throwIfAborted();
  throw new ProviderError({ status: response.status, body: jsonOr(text), headers: response.headers });
}

async function post(endpoint: Endpoint, body: object, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(`${endpoint.baseURL.replace(/\/+$/, "")}/chat/completions`, {
      method: "POST",
      headers: {
        accept: "application/json",
        "content-type": "application/json",
        ...(endpoint.apiKey === undefined ? {} : { authorization: `Bearer ${endpoint.apiKey}` }),
      },
      body: JSON.stringify(body),
      redirect: "manual",
      signal,
    });
  } catch (error) {
    signal.throwIfAborted();
    throw new ProviderUnreachableError("the model provider gave no answer", { cause: error });
  }
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function tooLate(): ModelError {
  return new ModelError("model_timeout", "The model did not answer in time. Try again.");
}
