import { AUTH_BODY_MAX } from "@taskassistant/contracts/limits";
import { BodyError, readText, retryAfter, WAIT_SECONDS } from "@taskassistant/kit/fetch";
import { accessLog, notFoundProblem, requestId } from "@taskassistant/kit/http";
import type { Logger } from "@taskassistant/kit/process";
import { Hono } from "hono";
import { createClientCheck } from "./client-auth.ts";
import { createExchange, type ExchangeDeps } from "./exchange.ts";
import { OAuthError } from "./oauth-error.ts";
import { parseExchange } from "./request.ts";

/**
 * Serves `POST /oauth2/token` (RFC 8693) on port 3001, inside the cluster only. The API authenticates with its client
 * secret. Errors have the shape of RFC 6749, section 5.2, and no answer may be cached.
 */
export function createExchangeApp(deps: ExchangeDeps & { clientSecret: string; log: Logger }): Hono {
  const { log } = deps;
  const isTheApi = createClientCheck(deps.clientSecret);
  const exchange = createExchange(deps);

  const app = new Hono();
  app.use(requestId(), accessLog(log));
  app.use("/oauth2/*", async (c, next) => {
    await next();
    c.header("cache-control", "no-store");
    c.header("pragma", "no-cache");
  });
  app.post("/oauth2/token", async (c) => {
    if (!isTheApi(c.req.header("authorization")))
      throw new OAuthError("invalid_client", "client authentication failed");
    const request = parseExchange(c.req.header("content-type"), await readText(c.req.raw, AUTH_BODY_MAX));
    return c.json(await exchange(request));
  });
  app.notFound(notFoundProblem);
  app.onError((error, c) => {
    const refusal = error instanceof OAuthError ? error : fromOther(error);
    const level = refusal.status >= 500 ? "error" : "warn";
    log[level](
      {
        request_id: c.get("requestId"),
        error: refusal.code,
        reason: refusal.message,
        ...(level === "error" ? { err: error } : {}),
      },
      "exchange refused",
    );
    if (refusal.status === 401) c.header("www-authenticate", 'Basic realm="exchange", charset="UTF-8"');
    const headers = refusal.status === 503 ? retryAfter(WAIT_SECONDS.neighbour) : {};
    return c.json({ error: refusal.code, error_description: refusal.message }, refusal.status, headers);
  });
  return app;
}

/** What is not the body's fault nearly always comes from the database, so another try makes sense. */
function fromOther(cause: unknown): OAuthError {
  if (cause instanceof BodyError) return new OAuthError("invalid_request", cause.message);
  return new OAuthError("temporarily_unavailable", "the exchange can't answer right now", { cause });
}
