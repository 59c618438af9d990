import { isRecord } from "@taskassistant/contracts";
import { readText } from "@taskassistant/kit/fetch";
import { chatCompletionsUrl, modelsUrl } from "../address.ts";
import { answerTo } from "../chat-completions/send.ts";
import { ModelError, ProviderError } from "../errors.ts";
import { modelErrorOf } from "../provider-errors.ts";
import { createTransport, type TransportOptions } from "../transport.ts";

/** What can be known of a model without asking it anything. */
export type CheckOutcome =
  /** `offered`: the provider lists it. `not_listed`: it lists others. `reachable`: an API answers that offers no list. */
  | { readonly outcome: "offered" | "not_listed" | "reachable" | "unknown" }
  | { readonly outcome: "failed"; readonly error: ModelError };

export interface ModelCheckOptions extends Pick<TransportOptions, "ca" | "proxy"> {
  readonly baseURL: string;
  readonly apiKey: string | undefined;
  readonly model: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

const TIMEOUT_MS = 10_000;
/** Size of a list that is read, in bytes. Aggregators offer hundreds of models. */
const LIST_MAX = 4 * 1024 * 1024;

/**
 * Asks for the list of models, and where there is none sends a chat completion without model and messages, which no server can
 * answer. Neither costs anything.
 */
export function createModelCheck(options: ModelCheckOptions): (signal: AbortSignal) => Promise<CheckOutcome> {
  const { baseURL, apiKey, model, headers = {} } = options;
  const list = createTransport({ ...options, url: modelsUrl(baseURL), headers });
  const chat = createTransport({ ...options, url: chatCompletionsUrl(baseURL), headers });
  const secrets = [...(apiKey === undefined ? [] : [apiKey]), ...Object.values(headers)];
  const failed = (error: unknown): CheckOutcome => ({
    outcome: "failed",
    error: modelErrorOf(error, { model, secrets }),
  });

  return async (signal) => {
    try {
      const answer = await answerTo(() => list.get(signal), TIMEOUT_MS, signal);
      return judge(await readText(answer, LIST_MAX), model);
    } catch (error) {
      signal.throwIfAborted();
      const status = error instanceof ProviderError ? error.status : undefined;
      if (!(error instanceof ProviderError) || status === 401)
        return error instanceof TypeError ? UNKNOWN : failed(error);
    }
    try {
      const answer = await answerTo(() => chat.post({}, signal), TIMEOUT_MS, signal);
      await answer.body?.cancel();
      return { outcome: "reachable" };
    } catch (error) {
      signal.throwIfAborted();
      const status = error instanceof ProviderError ? (error.status ?? 0) : 0;
      if (status === 400 || status === 422) return { outcome: "reachable" };
      return status === 429 || status >= 500 ? UNKNOWN : failed(error);
    }
  };
}

const UNKNOWN: CheckOutcome = { outcome: "unknown" };

/** What a list says about a model, in the forms of OpenAI, Mistral, OpenRouter, Gemini and Ollama. */
function judge(text: string, model: string): CheckOutcome {
  const models = modelsIn(text);
  if (models.length === 0) return { outcome: "reachable" };
  const names = [model, `models/${model}`, `${model}:latest`].map((name) => name.toLowerCase());
  const found = models.find(({ id, name }) => [id, name].some((each) => names.includes(String(each).toLowerCase())));
  if (found === undefined) return { outcome: "not_listed" };
  return usesNoTools(found) ? { outcome: "failed", error: NO_TOOLS } : { outcome: "offered" };
}

function modelsIn(text: string): Record<string, unknown>[] {
  try {
    const document: unknown = JSON.parse(text);
    const list = isRecord(document) ? (document.data ?? document.models) : document;
    return Array.isArray(list) ? list.filter(isRecord) : [];
  } catch {
    return [];
  }
}

/** Few lists tell. Silence says nothing. */
function usesNoTools({ supported_parameters: parameters, capabilities }: Record<string, unknown>): boolean {
  if (Array.isArray(parameters) && parameters.length > 0) return !parameters.includes("tools");
  return isRecord(capabilities) && capabilities.function_calling === false;
}

const NO_TOOLS = new ModelError("model_unavailable", "This model can't use tools.", {
  cause: { type: "ProviderError", kind: "tools", provider_message: "The provider's list says that it takes no tools." },
});
