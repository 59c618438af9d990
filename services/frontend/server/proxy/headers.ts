/**
 * Headers of a browser's request that reach the API: those it reads, and those that make a request traceable outside the
 * pods. Cookies, credentials and forwarding headers are dropped.
 */
const TO_API = ["accept", "content-type", "if-match", "if-none-match", "traceparent", "tracestate", "user-agent"];

/** Headers of the API's answer that reach the browser. Cookies, CORS headers and headers of the connection are dropped. */
const TO_BROWSER = [
  "cache-control",
  "content-disposition",
  "content-type",
  "etag",
  "location",
  "retry-after",
  "vary",
  "x-accel-buffering",
  "x-request-id",
  "x-vercel-ai-ui-message-stream",
];

/** Headers of the request to the API; a route that is open to everybody gets no token. It asks for no compression, because the answer is forwarded as it arrives. */
export function headersToApi(from: Headers, token: string | undefined, requestId: string): Headers {
  const headers = picked(from, TO_API);
  if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
  headers.set("accept-encoding", "identity");
  headers.set("x-request-id", requestId);
  return headers;
}

/** Headers of the answer to the browser. No answer may be cached, and compressing a stream would delay it. */
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
