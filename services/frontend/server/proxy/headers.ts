/**
 * What a browser's request may tell the API: what it reads, and what lets somebody outside the pods follow a request.
 * Cookies, credentials and every forwarding header stay behind.
 */
const TO_API = ["accept", "content-type", "if-match", "if-none-match", "traceparent", "tracestate", "user-agent"];

/** What the API's answer may tell the browser: what it sends. No cookie, no CORS, nothing of the connection. */
const TO_BROWSER = [
  "cache-control",
  "content-type",
  "etag",
  "location",
  "retry-after",
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
