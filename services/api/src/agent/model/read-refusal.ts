import { isRecord } from "@taskassistant/contracts";
import { secondsUntilRetry } from "@taskassistant/kit/fetch";
import type { ProviderError } from "./errors.ts";

/** What a model server said when it did not answer. Its words are untrusted: they may quote the key or hold markup. */
export interface ProviderSays {
  /** Status of the HTTP answer, or the one that an error within an answer names. Undefined where there is none. */
  readonly status?: number | undefined;
  readonly code?: string | undefined;
  readonly type?: string | undefined;
  /** The parameter that the server objects to. */
  readonly param?: string | undefined;
  readonly message?: string | undefined;
  /** A web page came instead of an answer of an API. */
  readonly html?: boolean;
  /** Where a redirect points. */
  readonly redirected?: boolean;
  readonly retryAfterSeconds?: number | undefined;
  readonly requestId?: string | undefined;
}

/** Longest wait that is passed on, in seconds. */
const RETRY_AFTER_MAX_SECONDS = 86_400;

/** Reads what a server said, in whatever form it wrote its error. */
export function readRefusal({ status, body, headers }: ProviderError): ProviderSays {
  const html = typeof body === "string" && isHtml(headers.get("content-type"), body);
  const found = html ? {} : readError(body);
  // An error within an answer of status 200 has a status of its own.
  const inAnswer = status === undefined || status < 300;
  const own = inAnswer ? (found.status ?? statusNamed(found.code) ?? statusNamed(found.type)) : status;
  const wait = retryHeader(headers) ?? found.retryAfterSeconds;
  return {
    ...found,
    status: own,
    html,
    redirected: own !== undefined && own >= 300 && own < 400,
    retryAfterSeconds: wait === undefined ? undefined : Math.min(wait, RETRY_AFTER_MAX_SECONDS),
    requestId: headers.get("x-request-id") ?? headers.get("request-id") ?? undefined,
  };
}

function isHtml(contentType: string | null, body: string): boolean {
  return (
    /^\s*(text\/html|application\/xhtml)/i.test(contentType ?? "") || /^\s*<(!doctype|html|head|body)\b/i.test(body)
  );
}

function retryHeader(headers: Headers): number | undefined {
  const ms = Number(headers.get("retry-after-ms") ?? Number.NaN);
  if (Number.isFinite(ms) && ms >= 0) return Math.ceil(ms / 1000);
  return secondsUntilRetry(headers.get("retry-after"), Date.now());
}

/** HTTP statuses by the names that servers give to errors. */
const STATUS_NAMES: Readonly<Record<string, number>> = {
  invalid_argument: 400,
  invalid_request_error: 400,
  badrequesterror: 400,
  unauthenticated: 401,
  authentication_error: 401,
  permission_denied: 403,
  permission_error: 403,
  not_found: 404,
  not_found_error: 404,
  notfounderror: 404,
  resource_exhausted: 429,
  rate_limit_error: 429,
  rate_limit_exceeded: 429,
  overloaded_error: 529,
};

function statusNamed(name: string | undefined): number | undefined {
  return name === undefined ? undefined : STATUS_NAMES[name.toLowerCase()];
}

type Found = Partial<Pick<ProviderSays, "status" | "code" | "type" | "param" | "message" | "retryAfterSeconds">>;

/**
 * Reads the forms in which servers write an error: `{"error": {...}}`, `{"error": "text"}`, an array around either, the
 * fields at the top (Mistral), `detail` (FastAPI), and `errors` (several gateways).
 */
function readError(document: unknown): Found {
  const outer = Array.isArray(document) ? document[0] : document;
  if (typeof outer === "string") return { message: outer };
  if (!isRecord(outer)) return {};
  const inner = outer.error ?? outer.errors ?? outer.detail ?? outer;
  const first = Array.isArray(inner) ? inner[0] : inner;
  if (typeof first === "string") return withoutUndefined({ message: first, ...numbersOf(outer) });
  const error = isRecord(first) ? first : outer;
  const details = detailsOf(error);
  const code = text(error.code) ?? reasonIn(details) ?? text(error.status);
  const message = messageOf(error);
  const nested = isRecord(error.innererror) ? text(error.innererror.code) : undefined;
  return withoutUndefined({
    ...numbersOf(outer),
    ...numbersOf(error),
    code,
    type: [text(error.type) ?? text(error.status), nested].filter((each) => each !== undefined).join(" ") || undefined,
    param: text(error.param) ?? placeOf(error),
    message,
    retryAfterSeconds: delayIn(details) ?? delaySaid(message),
  });
}

/** `status`, `status_code` or `code`, where it is an HTTP status. */
function numbersOf(error: Record<string, unknown>): Found {
  for (const value of [error.status_code, error.status, error.code]) {
    const status = typeof value === "string" && /^[45]\d\d$/.test(value) ? Number(value) : value;
    if (typeof status === "number" && Number.isInteger(status) && status >= 400 && status < 600) return { status };
  }
  return {};
}

/** The message, whose place some servers fill with a list of what is wrong or with another document. */
function messageOf(error: Record<string, unknown>): string | undefined {
  const said = error.message ?? error.msg ?? error.detail ?? error.error_description ?? error.title;
  const raw = isRecord(error.metadata) ? text(error.metadata.raw) : undefined;
  const words = typeof said === "string" ? said : said === undefined ? undefined : JSON.stringify(said);
  return [words, raw].filter((each) => each !== undefined).join(" ") || undefined;
}

/** Where a validator of the server found the fault: `{"loc": ["body", "temperature"]}`, possibly inside the message. */
function placeOf(error: Record<string, unknown>): string | undefined {
  const inner = isRecord(error.message) ? error.message.detail : (error.detail ?? error);
  const first = Array.isArray(inner) ? inner[0] : inner;
  if (!isRecord(first) || !Array.isArray(first.loc)) return undefined;
  return first.loc.filter((part) => part !== "body").join(".") || undefined;
}

/** Google's list of typed details. */
function detailsOf(error: Record<string, unknown>): Record<string, unknown>[] {
  return Array.isArray(error.details) ? error.details.filter(isRecord) : [];
}

function reasonIn(details: readonly Record<string, unknown>[]): string | undefined {
  return details.map((detail) => text(detail.reason)).find((reason) => reason !== undefined);
}

function delayIn(details: readonly Record<string, unknown>[]): number | undefined {
  for (const { retryDelay } of details) {
    const match = typeof retryDelay === "string" ? /^([\d.]+)s$/.exec(retryDelay) : null;
    if (match !== null) return Math.ceil(Number(match[1]));
  }
  return undefined;
}

/** "Please try again in 1m2.5s", as OpenAI and Groq write it. */
function delaySaid(message: string | undefined): number | undefined {
  const match = /\b(?:try again|retry) (?:in|after) ((?:\d+h)?(?:\d+m(?!s))?)(?:(\d+(?:\.\d+)?) ?(ms|s)\b)?/i.exec(
    message ?? "",
  );
  if (match === null || match[0] === undefined) return undefined;
  const hours = Number(/(\d+)h/.exec(match[1] ?? "")?.[1] ?? 0);
  const minutes = Number(/(\d+)m/.exec(match[1] ?? "")?.[1] ?? 0);
  const seconds = Number(match[2] ?? 0) / (match[3] === "ms" ? 1000 : 1);
  const all = hours * 3600 + minutes * 60 + seconds;
  return all === 0 ? undefined : Math.ceil(all);
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

function withoutUndefined(found: Found): Found {
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}
