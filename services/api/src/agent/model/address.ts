/** Last parts of addresses that people copy from a provider's documentation in place of its base URL. */
const ENDPOINTS = /\/(?:chat\/completions|completions|responses|messages|embeddings|models)$/;

/**
 * The address to which requests go. A base URL may hold a query, as Azure's does, and may already name an endpoint of the
 * API: that part is then replaced.
 */
export function chatCompletionsUrl(baseURL: string): URL {
  return endpointUrl(baseURL, "chat/completions");
}

/** Where the server lists its models. */
export function modelsUrl(baseURL: string): URL {
  return endpointUrl(baseURL, "models");
}

function endpointUrl(baseURL: string, endpoint: string): URL {
  const url = new URL(baseURL);
  const base = url.pathname.replace(/\/+$/, "").replace(ENDPOINTS, "").replace(/\/+$/, "");
  url.pathname = `${base}/${endpoint}`;
  url.hash = "";
  return url;
}
