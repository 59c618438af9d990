/** A project or a tag, in sentences. */
export type LabelNoun = "project" | "tag";

/** The user has no such project or tag. An unknown one and another user's get the same answer. */
export class LabelNotFoundError extends Error {
  override name = "LabelNotFoundError";
  readonly noun: LabelNoun;

  constructor(noun: LabelNoun, id: string) {
    super(`there is no ${noun} ${id}`);
    this.noun = noun;
  }
}

/** The user has another project or tag of that name. */
export class LabelTakenError extends Error {
  override name = "LabelTakenError";

  constructor(noun: LabelNoun, name: string, options?: ErrorOptions) {
    super(`There is a ${noun} “${name}” already. Choose another name.`, options);
  }
}

const UNIQUE_VIOLATION = "23505";

/** Waits for a change; that the name is taken is a LabelTakenError. */
export async function withTakenError<Result>(noun: LabelNoun, name: string, change: Promise<Result>): Promise<Result> {
  try {
    return await change;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === UNIQUE_VIOLATION)) throw error;
    throw new LabelTakenError(noun, name, { cause: error });
  }
}
