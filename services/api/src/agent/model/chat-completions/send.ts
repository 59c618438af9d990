import { withDeadline } from "@taskassistant/kit/failures";
import { readText } from "@taskassistant/kit/fetch";
import { ModelError, ProviderError, ProviderUnreachableError } from "../errors.ts";
import type { Transport } from "../transport.ts";

/** Maximum size of an error's body that is looked at, in bytes. */
const ERROR_MAX = 64 * 1024;

/**
 * Posts the body and returns the answer once its head has arrived. Throws `ProviderError` for any status other than 2xx,
 * `ProviderUnreachableError`, `ModelError` when the head takes longer than `firstTimeoutMs`, or the abort reason of the
 * signal.
 */
export async function send(
  { transport, firstTimeoutMs }: { transport: Transport; firstTimeoutMs: number },
  body: object,
  signal: AbortSignal,
): Promise<Response> {
  return answerTo(() => transport.post(body, signal), firstTimeoutMs, signal);
}

/** The answer to a request, as `send` returns or throws it. */
export async function answerTo(
  request: () => Promise<Response>,
  firstTimeoutMs: number,
  signal: AbortSignal,
): Promise<Response> {
  const response = await withDeadline(reached(request, signal), firstTimeoutMs, tooLate);
  if (response.ok) return response;
  // Beyond the limit the body is not read; the status still counts.
  const text = await withDeadline(readText(response, ERROR_MAX), firstTimeoutMs, tooLate).catch(() => "");
  signal.throwIfAborted();
  throw new ProviderError({ status: response.status, body: jsonOr(text), headers: response.headers });
}

async function reached(request: () => Promise<Response>, signal: AbortSignal): Promise<Response> {
  try {
    return await request();
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
