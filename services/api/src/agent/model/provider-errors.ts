import { addressFault, systemCodeOf } from "./address-fault.ts";
import { brokeOff, ModelError, ProviderError, ProviderUnreachableError } from "./errors.ts";
import { providerWords } from "./provider-words.ts";
import { kindOf, type Said, saidBy } from "./refusal-sentences.ts";

/** Longest pause before the same call is repeated, in seconds. */
export const PAUSE_MAX_SECONDS = 5;
/** The wait that is told when a busy provider names none, in seconds. */
const BUSY_SECONDS = 10;

/** When the same call may work: never, after a pause, or at once, because the next answer is another one. */
export function worthRetrying(error: unknown): "never" | "soon" | "at once" {
  if (error instanceof ModelError) return error.code === "model_unavailable" ? "soon" : "never";
  if (error instanceof ProviderUnreachableError)
    return addressFault(systemCodeOf(error)) === undefined ? "soon" : "never";
  if (!(error instanceof ProviderError)) return "soon";
  const said = saidBy(error);
  const { again } = kindOf(said);
  // A provider that asks for a long pause would refuse the call again.
  return again === "soon" && (said.retryAfterSeconds ?? 0) > PAUSE_MAX_SECONDS ? "never" : again;
}

/** The pause the provider asks for before the next call, in milliseconds; undefined when it does not ask. */
export function requestedPauseMs(error: unknown): number | undefined {
  const seconds = error instanceof ProviderError ? saidBy(error).retryAfterSeconds : undefined;
  return seconds === undefined ? undefined : seconds * 1000;
}

/**
 * Turns an error of the provider or of the connection into a sentence for the person. The provider's own words, shortened and
 * without `secrets`, are in its cause: for the log and, without words of the conversation, for the report to the operator.
 */
export function modelErrorOf(error: unknown, context: { model: string; secrets: readonly string[] }): ModelError {
  if (error instanceof ModelError) return error;
  if (error instanceof ProviderError) return providerFailure(saidBy(error), context);
  const code = systemCodeOf(error);
  const cause = {
    type: error instanceof Error ? error.name : typeof error,
    ...(code === undefined ? {} : { code }),
  };
  if (!(error instanceof ProviderUnreachableError)) return brokeOff(cause);
  const sentence = addressFault(code) ?? "The model can't be reached right now. Try again in a moment.";
  return new ModelError("model_unavailable", sentence, { cause });
}

function providerFailure(said: Said, { model, secrets }: { model: string; secrets: readonly string[] }): ModelError {
  const kind = kindOf(said);
  const wait = kind.name === "busy" ? (said.retryAfterSeconds ?? BUSY_SECONDS) : undefined;
  return new ModelError(kind.code, kind.sentence(model, said), {
    cause: traceOf(said, kind.name, secrets),
    ...(wait === undefined ? {} : { retryAfterSeconds: wait }),
  });
}

/** What the log and the operator's report get of a provider's error. A code or an id is kept only if it has the form of one. */
function traceOf(said: Said, kind: string, secrets: readonly string[]): Record<string, string | number> {
  const { status, code, requestId, message } = said;
  const hasForm = (value: string | undefined, form: RegExp): value is string =>
    value !== undefined && form.test(value) && !secrets.some((secret) => value.includes(secret));
  return {
    type: "ProviderError",
    kind,
    ...(status === undefined ? {} : { status }),
    ...(hasForm(code, /^[a-z_]{1,64}$/i) ? { code } : {}),
    ...(hasForm(requestId, /^(?!(sk|pk|rk|gsk|xai|hf|key|AIza|eyJ)[-_\w])[\w-]{1,48}$/i)
      ? { provider_request_id: requestId }
      : {}),
    ...(message === undefined ? {} : { provider_message: providerWords(message, secrets) }),
  };
}
