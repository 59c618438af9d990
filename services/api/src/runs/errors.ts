/** The person, or this process, has as many runs going on as allowed. The message is a sentence for the person. */
export class TooManyRunsError extends Error {
  override readonly name = "TooManyRunsError";
}

/** Why a run is ended from outside. */
export type RunAbortKind = "disconnect" | "drain" | "signed-out" | "timeout";

/** The reason with which a run's `AbortController` is aborted. */
export class RunAbort extends Error {
  override readonly name = "RunAbort";
  readonly kind: RunAbortKind;

  constructor(kind: RunAbortKind) {
    super(`the run was ended: ${kind}`);
    this.kind = kind;
  }
}
