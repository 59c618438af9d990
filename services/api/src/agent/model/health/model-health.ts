import type { ModelDriver, ModelEvent, ModelRequest } from "../driver.ts";
import { ModelError } from "../errors.ts";
import type { CheckOutcome } from "./model-check.ts";
import { withoutConversation } from "./without-conversation.ts";

/** How the model did last, for the administrator. Served inside the cluster only, and it holds no word of a conversation. */
export interface ModelReport {
  /** When the model last answered, as an ISO time. */
  readonly answeredAt?: string;
  /** What the last check found that did not fail. Nothing was asked of the model for it. */
  readonly checked?: { readonly at: string; readonly outcome: string };
  /** The last failure, if the model has not answered since. */
  readonly failure?: ModelFailure;
}

export interface ModelFailure {
  /** A kind of failure, such as `key`. */
  readonly kind: string;
  readonly status?: number;
  /** What the model server said, shortened, without secrets and without words of the conversation. */
  readonly words?: string;
  /** Of this row of failures the first and the last, and how many there were. */
  readonly since: string;
  readonly at: string;
  readonly count: number;
}

/** Failures that only the question is to blame for. */
const OF_THE_QUESTION: ReadonlySet<string> = new Set(["failed_call", "filter", "too_long"]);

/** Failures that a check would meet too, so that one that succeeds ends them. */
const OF_THE_WAY: ReadonlySet<string> = new Set([
  "key",
  "address",
  "redirect",
  "plain_http",
  "timeout",
  "unreachable",
  "access",
]);

/** Watches a driver, and remembers in this process how its calls ended. */
export function createModelHealth(now: () => Date = () => new Date()) {
  let answeredAt: string | undefined;
  let failure: ModelFailure | undefined;
  let check: ModelReport["checked"];

  function answered(): void {
    answeredAt = now().toISOString();
    failure = undefined;
  }

  function failed(error: ModelError, messages: ModelRequest["messages"]): void {
    const found = read(error);
    if (found === undefined || OF_THE_QUESTION.has(found.kind)) return;
    const at = now().toISOString();
    const { since = at, count = 0 } = failure ?? {};
    // The words of a repeated failure are no news, and they often differ by the number of the request.
    const told = failure?.kind === found.kind ? failure : tellable(found, messages);
    failure = { ...told, since, at, count: count + 1 };
  }

  return {
    /** The same driver, watched. */
    watch(driver: ModelDriver): ModelDriver {
      async function* ask(request: ModelRequest): AsyncGenerator<ModelEvent> {
        try {
          for await (const event of driver.ask(request)) {
            if (event.type === "done") answered();
            yield event;
          }
        } catch (error) {
          if (error instanceof ModelError) failed(error, request.messages);
          throw error;
        }
      }
      return { ...driver, ask };
    },
    /** Takes what a check found. One that found out nothing changes nothing. */
    checked(found: CheckOutcome): void {
      if (found.outcome === "unknown") return;
      if (found.outcome === "failed") {
        failed(found.error, []);
        return;
      }
      check = { at: now().toISOString(), outcome: found.outcome };
      if (failure !== undefined && OF_THE_WAY.has(failure.kind)) failure = undefined;
    },
    report: (): ModelReport => ({
      ...(answeredAt === undefined ? {} : { answeredAt }),
      ...(check === undefined ? {} : { checked: check }),
      ...(failure === undefined ? {} : { failure }),
    }),
  };
}

type Found = Pick<ModelFailure, "kind" | "status" | "words">;

function tellable({ words, ...found }: Found, messages: ModelRequest["messages"]): Found {
  return words === undefined ? found : { ...found, words: withoutConversation(words, messages) };
}

/** What a failure was, from what the error carries for the log. Undefined for one that says nothing about the server. */
function read(error: ModelError): Found | undefined {
  if (error.code === "model_timeout") return { kind: "timeout" };
  const cause: unknown = error.cause;
  if (typeof cause !== "object" || cause === null) return undefined;
  const { type, kind, code, status, provider_message: words } = cause as Readonly<Record<string, unknown>>;
  if (type === "ProviderUnreachableError") {
    return { kind: "unreachable", ...(typeof code === "string" ? { words: code } : {}) };
  }
  if (typeof kind !== "string") return { kind: "broken" };
  return {
    kind: kind.toLowerCase().replaceAll(" ", "_"),
    ...(typeof status === "number" ? { status } : {}),
    ...(typeof words === "string" ? { words } : {}),
  };
}
