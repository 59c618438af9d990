/** How long an answer is used for everybody, in milliseconds. A new key waits far longer before it signs. */
const FRESH_MS = 5_000;

/**
 * Answers requests for the public key set. Anyone may ask, as often as they like, and the verifiers must never be refused, so
 * at most one request in five seconds reaches `load` and the database behind it. Caches may keep the set for a minute.
 */
export function createKeySetRoute(
  load: (request: Request) => Promise<Response>,
  now: () => number = () => performance.now(),
): (request: Request) => Promise<Response> {
  let known: { text: string; at: number } | undefined;
  let loading: Promise<string | Response> | undefined;

  async function loadOnce(request: Request): Promise<string | Response> {
    const response = await load(request);
    if (!response.ok) return response;
    const text = await response.text();
    known = { text, at: now() };
    return text;
  }

  return async (request) => {
    if (known !== undefined && now() - known.at < FRESH_MS) return answer(known.text);
    loading ??= loadOnce(request).finally(() => {
      loading = undefined;
    });
    const loaded = await loading;
    return typeof loaded === "string" ? answer(loaded) : loaded.clone();
  };
}

function answer(text: string): Response {
  return new Response(text, { headers: { "content-type": "application/json", "cache-control": "public, max-age=60" } });
}
