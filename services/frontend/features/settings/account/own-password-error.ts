import { ApiError } from "../../../lib/errors/api-error.ts";
import { words } from "../words.ts";

/** What to say at the field of the current password; undefined if the failure is not about it. */
export function ownPasswordError(error: unknown): string | undefined {
  return error instanceof ApiError && error.code === "INVALID_PASSWORD" ? words.password.wrong : undefined;
}
