import { ApiError } from "../../../lib/errors/api-error.ts";
import { ErrorNote } from "../../../lib/errors/error-note.tsx";

/** A failure that is not about one field. Whoever has to sign in again is asked to by a dialog. */
export function Problem({ error }: { error: unknown }) {
  if (error === undefined || (error instanceof ApiError && error.status === 401)) return null;
  return <ErrorNote error={error} />;
}
