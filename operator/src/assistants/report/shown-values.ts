import { plainText } from "@taskassistant/kit/failures";
import type { FieldDifference } from "../../kinds/index.ts";
import { RESTARTED_AT } from "../desired/index.ts";

/** A field as the status shows it: without a value, or with "changed" in its place, where the value is not for every reader. */
export interface ShownField {
  readonly path: string;
  readonly from?: string;
  readonly to?: string;
}

const VALUE_MAX = 120;
const PATH_MAX = 300;

/** Variables whose values the operator makes from plain settings of the spec. People can't set them in `env`. */
const PLAIN_VARIABLES: ReadonlySet<string> = new Set([
  "AGENT_MAX_STEPS",
  "AGENT_TURN_TIMEOUT_SECONDS",
  "EXCHANGE_PORT",
  "HEALTH_PORT",
  "JWT_EXPIRES_IN_SECONDS",
  "MODEL_IDLE_TIMEOUT_SECONDS",
  "MODEL_MAX_OUTPUT_TOKENS",
  "MODEL_MAX_RETRIES",
  "MODEL_NAME",
  "MODEL_PROVIDER",
  "MODEL_REASONING_EFFORT",
  "MODEL_TEMPERATURE",
  "MODEL_TIMEOUT_SECONDS",
  "PORT",
  "RUN_GRANT_EXPIRES_IN_SECONDS",
  "SHUTDOWN_GRACE_SECONDS",
  "SIGN_UP",
]);

/** Annotations whose values are the operator's, or a time that the resource names. */
const PLAIN_ANNOTATIONS: ReadonlySet<string> = new Set([RESTARTED_AT, "taskassistant.dev/owns-replicas"]);

/** The field for the status, in which no value of a Secret, of a person's variable or of an annotation appears. */
export function shownField({ path, from, to }: FieldDifference): ShownField {
  const shown = { path: path.slice(0, PATH_MAX) };
  if (isPlain(path, from) && isPlain(path, to)) {
    return {
      ...shown,
      ...(from === undefined ? {} : { from: text(from) }),
      ...(to === undefined ? {} : { to: text(to) }),
    };
  }
  return { ...shown, to: from === undefined ? "added" : to === undefined ? "removed" : "changed" };
}

/** One field in a line, with the end of its path. */
export function fieldText({ path, from, to }: ShownField): string {
  const short = path.replace(/^spec\.(template\.)?(spec\.)?(containers\[name="[^"]*"\]\.)?/, "");
  if (from === undefined) return to === "changed" || to === "removed" ? `${short} ${to}` : `${short}: ${to}`;
  return to === undefined ? `${short} removed (${from})` : `${short}: ${from} -> ${to}`;
}

function isPlain(path: string, value: unknown): boolean {
  const variable = /\.env\[name="([^"]*)"\](.*)$/.exec(path);
  if (variable !== null)
    return PLAIN_VARIABLES.has(variable[1] ?? "") && (variable[2] === ".value" || value === undefined);
  const annotation = /\.annotations\["([^"]*)"\]$/.exec(path);
  if (annotation !== null) return PLAIN_ANNOTATIONS.has(annotation[1] ?? "");
  return (
    !/\.(annotations|env)(\W|$)/.test(path) && !/"(env|annotations|data|stringData)":/.test(JSON.stringify(value) ?? "")
  );
}

function text(value: unknown): string {
  const plain = plainText(typeof value === "string" ? value : JSON.stringify(value)).replace(/\s+/g, " ");
  return plain.length > VALUE_MAX ? `${plain.slice(0, VALUE_MAX)}...` : plain;
}
