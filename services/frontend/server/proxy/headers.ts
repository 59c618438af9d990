/** What a browser's request may tell the API. Cookies, credentials and every forwarding header stay behind. */
const TO_API = [
  "accept",
  "accept-language",
  "content-type",
  "idempotency-key",
  "if-match",
  "if-none-match",
  "last-event-id",
  "prefer",
  "traceparent",
  "tracestate",
  "user-agent",
];

/** What the API's answer may tell the browser. No cookie, no CORS, nothing of the connection. */
const TO_BROWSER = [
  "allow",
  "cache-control",
  "content-language",
  "content-type",
  "deprecation",
  "etag",
  "last-modified",
  "link",
  "location",
  "retry-after",
  "sunset",
  "vary",
  "x-accel-buffering",
  "x-request-id",
  "x-vercel-ai-ui-message-stream",
];

/** Headers of the request to the API, made anew. `identity`, because the answer is passed on as it comes. */
export function headersToApi(from: Headers, token: string, requestId: string): Headers {
  const headers = picked(from, TO_API);
  headers.set("authorization", `Bearer ${token}`);
  headers.set("accept-encoding", "identity");
  headers.set("x-request-id", requestId);
  return headers;
}

/** Headers of the answer to the browser. Nothing may be stored, and a stream must not be compressed: that would hold it back. */
export function headersToBrowser(from: Headers, requestId: string): Headers {
  const headers = picked(from, TO_BROWSER);
  headers.set("x-request-id", requestId);
  if (headers.get("content-type")?.startsWith("text/event-stream")) {
    headers.set("cache-control", "no-cache, no-transform");
    headers.set("x-accel-buffering", "no");
  } else if (!headers.has("cache-control")) {
    headers.set("cache-control", "no-store");
  }
  return headers;
}

function picked(from: Headers, names: readonly string[]): Headers {
  const headers = new Headers();
  for (const name of names) {
    const value = from.get(name);
    if (value !== null) headers.set(name, value);
  }
  return headers;
}
