import { getCACertificates } from "node:tls";
import OpenAI, { APIConnectionError } from "openai";
import {
  type Dispatcher,
  EnvHttpProxyAgent,
  type RequestInit as UndiciRequestInit,
  fetch as undiciFetch,
} from "undici";

/** How the way to a model server looks. */
export interface TransportOptions {
  /** The full address of the endpoint. */
  readonly url: URL;
  /** Undefined for models that need none; then no `Authorization` header is sent. */
  readonly apiKey: string | undefined;
  /** Further headers of every request. */
  readonly headers: Readonly<Record<string, string>>;
  /** PEM certificates of authorities to trust besides the public ones. */
  readonly ca?: string | undefined;
  /** An HTTP proxy, and a comma-separated list of hosts that are reached without it. */
  readonly proxy?: { readonly url: string; readonly noProxy: string } | undefined;
}

/** The way to one model server. */
export interface Transport {
  /**
   * Posts a JSON document and resolves with the head of the answer, whatever its status. No redirect is followed, since
   * the key would go wherever that points. Rejects with the system's error when there is no answer, or with the abort
   * reason of the signal.
   */
  post(body: object, signal: AbortSignal): Promise<Response>;
  /** The same without a document, by GET. */
  get(signal: AbortSignal): Promise<Response>;
}

/** The longest time that a timer can take, in milliseconds: in effect none. */
const NO_TIMEOUT_MS = 2 ** 31 - 1;

/** Makes the way to one server. It opens no connection yet. */
export function createTransport({ url, apiKey, headers, ca, proxy }: TransportOptions): Transport {
  const trusted = ca === undefined ? {} : { ca: [...getCACertificates("default"), ca] };
  const dispatcher = new EnvHttpProxyAgent({
    // Explicit values, because the library would otherwise read the environment's proxy variables.
    httpProxy: proxy?.url ?? "",
    httpsProxy: proxy?.url ?? "",
    noProxy: proxy?.noProxy ?? "",
    connect: trusted,
    requestTls: trusted,
    // The callers limit each wait themselves.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const fetchAny = (async (input, init) => {
    const response = await fetchThrough(dispatcher, input, init);
    if (!response.ok) throw new NotOk(response);
    return response;
  }) satisfies typeof fetch;
  const client = new OpenAI({
    // Explicit values, because the library would otherwise read environment variables.
    baseURL: url.origin,
    apiKey: apiKey ?? "none",
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    logLevel: "off",
    maxRetries: 0,
    timeout: NO_TIMEOUT_MS,
    defaultHeaders: {
      accept: "application/json, text/event-stream",
      "user-agent": "TaskAssistant",
      ...(apiKey === undefined ? { authorization: null } : {}),
      ...headers,
    },
    fetch: fetchAny,
  });

  async function answer(request: Promise<Response>, signal: AbortSignal): Promise<Response> {
    try {
      return await request;
    } catch (error) {
      signal.throwIfAborted();
      const cause = error instanceof APIConnectionError ? error.cause : error;
      if (cause instanceof NotOk) return cause.response;
      throw cause;
    }
  }

  return {
    post: (body, signal) => answer(client.post(url.href, { body, signal }).asResponse(), signal),
    get: (signal) => answer(client.get(url.href, { signal }).asResponse(), signal),
  };
}

/** Carries an answer past the library, which would keep only some forms of an error's body. */
class NotOk extends Error {
  override readonly name = "NotOk";
  readonly response: Response;

  constructor(response: Response) {
    super(`status ${response.status}`);
    this.response = response;
  }
}

/** A fetch that follows no redirect and names only this product. */
async function fetchThrough(dispatcher: Dispatcher, input: string | URL | Request, init: RequestInit = {}) {
  const headers = new Headers(init.headers);
  // The library describes itself and the machine in these. Nobody needs to know.
  for (const name of [...headers.keys()]) if (name.startsWith("x-stainless-")) headers.delete(name);
  // The types of the platform's fetch and of the package's differ in details that do not matter here.
  const request = {
    ...init,
    headers: Object.fromEntries(headers),
    redirect: "manual",
    dispatcher,
  } as UndiciRequestInit;
  return (await undiciFetch(String(input), request)) as unknown as Response;
}
