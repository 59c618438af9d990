import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { API_CLIENT_ID, audienceOf, MCP_TOKEN_SECONDS, TOKEN_EXCHANGE } from "@taskassistant/contracts";
import { createJwksSource, createTokenVerifier } from "@taskassistant/kit/jwt";
import type { TestIssuer } from "@taskassistant/kit/testing";

export type TestExchange = {
  url: string;
  clientSecret: string;
  /** Sessions that have ended: their tokens get `invalid_grant`. */
  signedOut: Set<string>;
  /** Every exchange that was asked for: `run-grant` or `mcp`. */
  log: string[];
  /** Answers 503 while true. */
  down: boolean;
  /** Whom the next MCP tokens are made for; the subject itself unless a test mixes people up. */
  mcpSubject: (sub: string) => string;
  /** Seconds the next MCP tokens live. */
  mcpSeconds: number;
  close(): Promise<void>;
};

/** Plays the frontend's `POST /oauth2/token`: client authentication, verified subject tokens, sessions that can end. */
export async function startTestExchange(issuer: TestIssuer): Promise<TestExchange> {
  const jwks = createJwksSource({ url: issuer.jwksUrl });
  const api = createTokenVerifier({ issuer: issuer.issuer, kind: "api", jwks });
  const grants = createTokenVerifier({ issuer: issuer.issuer, kind: "run-grant", jwks });

  const answer = async (request: IncomingMessage): Promise<[number, object]> => {
    if (exchange.down) return [503, { error: "temporarily_unavailable" }];
    const credential = Buffer.from(`${API_CLIENT_ID}:${exchange.clientSecret}`).toString("base64");
    if (request.headers.authorization !== `Basic ${credential}`) return [401, { error: "invalid_client" }];
    const form = new URLSearchParams(await bodyOf(request));
    if (form.get("grant_type") !== TOKEN_EXCHANGE.grantType) return [400, { error: "unsupported_grant_type" }];

    const wantsGrant = form.get("requested_token_type") === TOKEN_EXCHANGE.runGrant;
    const expected = wantsGrant ? TOKEN_EXCHANGE.accessToken : TOKEN_EXCHANGE.runGrant;
    if (form.get("subject_token_type") !== expected) return [400, { error: "invalid_request" }];
    const subject = await (wantsGrant ? api : grants).verify(form.get("subject_token") ?? "").catch(() => undefined);
    if (subject === undefined || exchange.signedOut.has(subject.sid)) return [400, { error: "invalid_grant" }];
    const { sub, sid, scope } = subject;
    if (wantsGrant) {
      exchange.log.push("run-grant");
      const token = issuer.sign("run-grant", { sub, sid, scope, run_id: form.get("run_id") });
      return [200, granted(token, TOKEN_EXCHANGE.runGrant, 330)];
    }
    if (form.get("audience") !== audienceOf("mcp", issuer.issuer)) return [400, { error: "invalid_target" }];
    exchange.log.push("mcp");
    const token = issuer.sign("mcp", {
      sub: exchange.mcpSubject(sub),
      sid,
      scope,
      exp: Math.floor(Date.now() / 1000) + exchange.mcpSeconds,
    });
    return [200, granted(token, TOKEN_EXCHANGE.accessToken, exchange.mcpSeconds)];
  };

  const server = createServer((request, response) => {
    answer(request).then(([status, body]) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const exchange: TestExchange = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/oauth2/token`,
    clientSecret: "a-client-secret-for-tests",
    signedOut: new Set(),
    log: [],
    down: false,
    mcpSubject: (sub) => sub,
    mcpSeconds: MCP_TOKEN_SECONDS,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return exchange;
}

function granted(token: string, type: string, seconds: number): object {
  return { access_token: token, issued_token_type: type, token_type: "Bearer", expires_in: seconds };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text;
}
