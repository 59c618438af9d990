import { backoffMs, errorText } from "@taskassistant/kit/failures";
import { type KubeClient, linkedAbort, type Resource } from "../../kube/index.ts";
import { type Clock, pause } from "../clock.ts";
import type { Log } from "../types.ts";
import { resourceName, type ServedState } from "./watch-status.ts";

export interface WhileServedDeps {
  readonly client: Pick<KubeClient, "isServed">;
  readonly resource: Resource;
  readonly clock: Clock;
  readonly log: Log;
  /** Runs the streams; resolves when the signal aborts or the server no longer serves the resource. */
  readonly run: (signal: AbortSignal) => Promise<void>;
  /** Called before the streams run, after they ended, and when the server gave no answer. */
  readonly changed: (state: ServedState) => void;
}

/** The life of a watch on a resource that may be absent. */
export interface WhileServed {
  /** Resolves when the signal aborts. */
  readonly ended: Promise<void>;
  /** Asks the server now instead of at the next turn. */
  askAgain(): void;
}

const ASK_AGAIN_MS = 30_000;
/** Even failed writes make us ask no more often than this. */
const ASK_AT_MOST_EVERY_MS = 1000;
const FIRST_RETRY_MS = 800;

/** Asks whether the resource is served, runs the streams while it is, and asks again in a while when it is not. */
export function runWhileServed(deps: WhileServedDeps, signal: AbortSignal): WhileServed {
  const { client, resource, clock, log } = deps;
  const fields = { resource: resourceName(resource) };
  let last: boolean | undefined;
  let failures = 0;
  let askedAt = Number.NEGATIVE_INFINITY;
  let wake = () => {};

  /** The server's answer; undefined when it gave none. */
  async function ask(): Promise<boolean | undefined> {
    askedAt = clock.now();
    try {
      const answer = await client.isServed(resource, { signal });
      failures = 0;
      return answer;
    } catch (error) {
      failures += 1;
      const problem = errorText(error);
      if (signal.aborted) return undefined;
      log.warn({ ...fields, error: problem }, "the API server did not say whether it serves this resource");
      if (last !== true) deps.changed({ served: false, problem });
      return undefined;
    }
  }

  function absent(): void {
    if (last === false) return;
    last = false;
    log.info(fields, "the API server does not serve this resource; the controllers run without it");
    deps.changed({ served: false, problem: undefined });
  }

  async function live(): Promise<void> {
    while (!signal.aborted) {
      const answer = await ask();
      if (answer === true) {
        if (last === false) log.info(fields, "the API server serves this resource now");
        last = true;
        deps.changed({ served: true });
        await deps.run(signal);
      }
      if (signal.aborted) break;
      if (answer !== undefined) absent();
      const retry = { firstMs: FIRST_RETRY_MS, maxMs: ASK_AGAIN_MS, jitter: Math.random };
      const wait = answer === undefined ? backoffMs(failures, retry) : ASK_AGAIN_MS;
      const asking = linkedAbort(signal);
      wake = () => asking.abort(new DOMException("ask now", "AbortError"));
      await pause(clock, wait, asking.signal);
      asking.release();
      await pause(clock, askedAt + ASK_AT_MOST_EVERY_MS - clock.now(), signal);
    }
  }

  return { ended: live(), askAgain: () => wake() };
}
