/** A call for several tasks changed none of them. */
export class NothingChangedError extends Error {
  override readonly name = "NothingChangedError";

  constructor(failures: readonly { readonly message: string }[]) {
    super(`Nothing was changed: ${failures.map(({ message }) => message).join("; ")}`);
  }
}
