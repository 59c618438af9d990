import { databaseTrouble, QuotaExceededError } from "@taskassistant/db";
import { retryAfter, WAIT_SECONDS } from "@taskassistant/kit/fetch";
import { ProblemError } from "@taskassistant/kit/http";
import {
  InvalidCursorError,
  InvalidTaskError,
  LabelNotFoundError,
  LabelTakenError,
  TaskNotFoundError,
  VersionConflictError,
} from "@taskassistant/tasks";
import type { ZodError } from "zod";
import { ExchangeUnavailableError, SignedOutError } from "../identity/exchange-client.ts";
import type { Neighbour } from "../neighbours.ts";
import { TooManyRunsError } from "../runs/errors.ts";
import { etagOf } from "./etag.ts";

/** The one place where the errors of the domain and of what the API depends on become HTTP answers. */
export function toProblem(error: unknown): ProblemError | undefined {
  if (error instanceof TaskNotFoundError)
    return new ProblemError("not_found", "There is no such task.", { cause: error });
  if (error instanceof LabelNotFoundError)
    return new ProblemError("not_found", `There is no such ${error.noun}.`, { cause: error });
  if (error instanceof LabelTakenError) return new ProblemError("conflict", error.message, { cause: error });
  if (error instanceof VersionConflictError) return changedMeanwhile(error);
  if (error instanceof InvalidCursorError) return invalidRequest([{ path: "cursor", message: error.message }]);
  if (error instanceof InvalidTaskError) return invalidRequest([{ path: error.field, message: error.message }]);
  if (error instanceof QuotaExceededError) return new ProblemError("quota_exceeded", error.message, { cause: error });
  if (error instanceof SignedOutError) {
    return new ProblemError("unauthorized", "You have been signed out. Sign in and try again.", {
      headers: { "www-authenticate": 'Bearer error="invalid_token"' },
      cause: error,
    });
  }
  if (error instanceof ExchangeUnavailableError)
    return unavailable("Sign-ins can't be checked right now. Try again in a moment.", error);
  if (error instanceof TooManyRunsError) {
    return new ProblemError("too_many_turns", error.message, {
      headers: retryAfter(WAIT_SECONDS.freeRun),
      cause: error,
    });
  }
  return fromDatabase(error);
}

/** Carries the task as it is now, so that the client can decide without another request. */
function changedMeanwhile(error: VersionConflictError): ProblemError {
  return new ProblemError("precondition_failed", "The task has been changed in the meantime. Look at it again.", {
    headers: { etag: etagOf(error.current) },
    extensions: { current: error.current },
    cause: error,
  });
}

/** A part that runs need does not answer. Anybody may read it, and the operator's probe reads `silent`. */
export function silentProblem(silent: readonly Neighbour[]): ProblemError {
  return new ProblemError("unavailable", "The assistant can't work right now. Try again in a moment.", {
    headers: retryAfter(WAIT_SECONDS.dependency),
    extensions: { silent },
  });
}

/** A 400 that names every wrong field. */
export function invalidRequest(errors: { path: string; message: string }[]): ProblemError {
  const [first] = errors;
  const detail = first === undefined ? "The request is wrong." : [first.path, first.message].filter(Boolean).join(": ");
  return new ProblemError("invalid_request", detail, { errors });
}

/** The issues of a zod schema as the `errors` of a problem. */
export function fromZod(error: ZodError): ProblemError {
  return invalidRequest(error.issues.map((issue) => ({ path: issue.path.join("."), message: issue.message })));
}

function fromDatabase(error: unknown): ProblemError | undefined {
  switch (databaseTrouble(error)) {
    case "unreachable":
      return unavailable("The database can't be reached right now. Try again in a moment.", error);
    case "too_slow":
      return unavailable("This took too long and was stopped; nothing was changed. Ask for less, or try again.", error);
    case "busy":
      return new ProblemError("rate_limited", "You have too many requests running. Wait for them and try again.", {
        headers: retryAfter(WAIT_SECONDS.ownRequests),
        cause: error,
      });
    case "unstorable":
      return invalidRequest([{ path: "", message: "a value holds something that can't be stored" }]);
    case "account_gone":
      return new ProblemError("unauthorized", "This account no longer exists.", {
        headers: { "www-authenticate": 'Bearer error="invalid_token"' },
        cause: error,
      });
    default:
      return undefined;
  }
}

function unavailable(detail: string, cause: unknown): ProblemError {
  return new ProblemError("unavailable", detail, { headers: retryAfter(WAIT_SECONDS.dependency), cause });
}
