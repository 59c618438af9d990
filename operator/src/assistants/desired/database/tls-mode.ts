import type { TaskAssistantSpec } from "../../../api/taskassistants/v1alpha1/index.ts";

/** How a connection to PostgreSQL is encrypted and verified, as `sslmode` of libpq. */
export type TlsMode = NonNullable<TaskAssistantSpec["database"]["external"]>["sslMode"];

/** From the weakest to the strictest. */
export const TLS_MODES: readonly TlsMode[] = ["disable", "require", "verify-ca", "verify-full"];

/** The stricter of two modes; undefined demands nothing. */
export function stricter(a: TlsMode, b: TlsMode | undefined): TlsMode {
  return TLS_MODES.findLast((mode) => mode === a || mode === b) ?? a;
}
