import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import { type Duplex, pipeline, Readable } from "node:stream";
import { getCACertificates } from "node:tls";
import { createBrotliDecompress, createUnzip, createZstdDecompress, constants as zlib } from "node:zlib";

/** How the way to a model server looks. */
export interface TransportOptions {
  readonly url: URL;
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
  post(body: unknown, signal: AbortSignal): Promise<Response>;
}

/** The environment's own proxy variables are not read: they are for other traffic, if they are set at all. */
export function createTransport({ url, headers, ca, proxy }: TransportOptions): Transport {
  const proxyEnv =
    proxy === undefined ? {} : { proxyEnv: { HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url, NO_PROXY: proxy.noProxy } };
  const secure = url.protocol === "https:";
  const trusted = ca === undefined ? {} : { ca: [...getCACertificates("default"), ca] };
  const agent = secure
    ? new HttpsAgent({ keepAlive: true, rejectUnauthorized: true, ...trusted, ...proxyEnv })
    : new HttpAgent({ keepAlive: true, ...proxyEnv });

  return {
    post: async (body, signal) => {
      const payload = Buffer.from(JSON.stringify(body));
      try {
        return await send(payload, signal);
      } catch (error) {
        // The server closed a connection that had been kept for the next request. It has not seen this request.
        if (error instanceof StaleConnectionError) return send(payload, signal);
        throw error;
      }
    },
  };

  function send(payload: Buffer, signal: AbortSignal): Promise<Response> {
    const answer = Promise.withResolvers<Response>();
    const request = (secure ? requestHttps : requestHttp)(url, {
      method: "POST",
      agent,
      signal,
      headers: {
        accept: "application/json, text/event-stream",
        "accept-encoding": "gzip, deflate",
        "content-type": "application/json",
        "content-length": payload.byteLength,
        "user-agent": "TaskAssistant",
        ...headers,
      },
    });
    request.on("response", (message) => answer.resolve(toResponse(message)));
    request.on("error", (error) => {
      const stale = request.reusedSocket && "code" in error && error.code === "ECONNRESET";
      answer.reject(signal.aborted ? signal.reason : stale ? new StaleConnectionError() : error);
    });
    request.end(payload);
    return answer.promise;
  }
}

class StaleConnectionError extends Error {
  override readonly name = "StaleConnectionError";
  readonly code = "ECONNRESET";
}

/** Statuses whose answers have no body by the rules of `Response`. */
const EMPTY = new Set([204, 205, 304]);

function toResponse(message: IncomingMessage): Response {
  const status = message.statusCode ?? 502;
  const headers = new Headers();
  for (let index = 0; index + 1 < message.rawHeaders.length; index += 2) {
    headers.append(message.rawHeaders[index] ?? "", message.rawHeaders[index + 1] ?? "");
  }
  if (EMPTY.has(status)) {
    message.resume();
    return new Response(null, { status, headers });
  }
  return new Response(Readable.toWeb(decoded(message, headers.get("content-encoding"))), { status, headers });
}

function decoded(message: IncomingMessage, encoding: string | null): Readable {
  const decoder = decoderOf(encoding?.trim().toLowerCase() ?? "");
  if (decoder === undefined) return message;
  // The reader of the decoder is told when either of the two fails.
  pipeline(message, decoder, () => undefined);
  return decoder;
}

function decoderOf(encoding: string): Duplex | undefined {
  // An answer that is cut off gives what had arrived, as it does without compression.
  const lenient = { flush: zlib.Z_SYNC_FLUSH, finishFlush: zlib.Z_SYNC_FLUSH };
  if (encoding === "gzip" || encoding === "x-gzip" || encoding === "deflate") return createUnzip(lenient);
  if (encoding === "br") return createBrotliDecompress();
  return encoding === "zstd" ? createZstdDecompress() : undefined;
}
