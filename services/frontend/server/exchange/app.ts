import { accessLog, notFoundProblem, requestId } from "@taskassistant/kit/http";
import type { Logger } from "@taskassistant/kit/process";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { createClientCheck } from "./client-auth.ts";
import { createExchange, type ExchangeDeps } from "./exchange.ts";
import { OAuthError } from "./oauth-error.ts";
import { parseExchange } from "./request.ts";

/** Two tokens of the greatest size fit. */
const BODY_MAX = 16 * 1024;

/**
 * The listener of port 3001, inside the cluster only: `POST /oauth2/token` (RFC 8693), for the API with its client
 * secret. Errors have the shape of RFC 6749, section 5.2; nothing may be stored on the way.
 */
export function createExchangeApp(deps: ExchangeDeps & { clientSecret: string; log: Logger }): Hono {
  const { log } = deps;
  const isTheApi = createClientCheck(deps.clientSecret);
  const exchange = createExchange(deps);
  const tooLarge = () => {
    throw new OAuthError("invalid_request", `the body is larger than ${BODY_MAX} bytes`);
  };

  const app = new Hono();
  app.use(requestId(), accessLog(log));
  app.use("/oauth2/*", async (c, next) => {
    await next();
    c.header("cache-control", "no-store");
    c.header("pragma", "no-cache");
  });
  app.post("/oauth2/token", async (c, next) => {
    if (!isTheApi(c.req.header("authorization")))
      throw new OAuthError("invalid_client", "client authentication failed");
    await next();
  });
  app.post("/oauth2/token", bodyLimit({ maxSize: BODY_MAX, onError: tooLarge }), async (c) => {
    const request = parseExchange(c.req.header("content-type"), await c.req.text());
    return c.json(await exchange(request));
  });
  app.notFound(notFoundProblem);
  app.onError((error, c) => {
    const refusal = error instanceof OAuthError ? error : unexpected(error);
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
    if (refusal.status === 503) c.header("retry-after", "2");
    return c.json({ error: refusal.code, error_description: refusal.message }, refusal.status);
  });
  return app;
}

/** What is not a refusal is trouble with the database, nearly always: worth another try. */
function unexpected(cause: unknown): OAuthError {
  return new OAuthError("temporarily_unavailable", "the exchange can't answer right now", { cause });
}
