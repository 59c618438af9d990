import { generateKeyPairSync, type KeyObject, randomBytes, randomUUID } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { API_CLIENT_ID, audienceOf, SCOPES, TOKEN_TYP, type TokenKind } from "@taskassistant/contracts";
import { signCompact } from "./compact.ts";

/** A key pair of the issuer (or of an attacker), with its public JWK. */
export type TestKey = { kid: string; x: string; privateKey: KeyObject; publicKey: KeyObject };

/** Claims to change; `undefined` removes one. */
export type ClaimOverrides = Record<string, unknown>;

export type SignOptions = { header?: Record<string, unknown>; key?: TestKey };

/** How the key set endpoint behaves. */
export type IssuerMode = "ok" | "down" | "garbage" | "empty" | "hanging" | "giant";

export type TestIssuer = {
  /** What `BETTER_AUTH_URL` would be. */
  issuer: string;
  /** What `BETTER_AUTH_JWKS_URL` would be. */
  jwksUrl: string;
  /** The key that signs now. */
  key: TestKey;
  /** A token of a kind as the frontend would sign it, with claims changed. */
  sign(kind: TokenKind, claims?: ClaimOverrides, options?: SignOptions): string;
  /** Signs with a new key from now on; `retire` takes the old ones out of the key set. */
  rotate(options?: { retire?: boolean }): TestKey;
  mode: IssuerMode;
  /** How often the key set was requested. */
  fetches: number;
  close(): Promise<void>;
};

/** A new Ed25519 key pair. */
export function createTestKey(kid: string = randomUUID()): TestKey {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return { kid, x: String(publicKey.export({ format: "jwk" }).x), privateKey, publicKey };
}

/** A user id in Better Auth's form. */
export function createUserId(): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  return Array.from(randomBytes(32), (byte) => letters[byte % letters.length]).join("");
}

/** The claims of a token of a kind, as the frontend makes them. */
export function defaultClaims(kind: TokenKind, issuer: string): Record<string, unknown> {
  const iat = Math.floor(Date.now() / 1000);
  const common = {
    iss: issuer,
    aud: audienceOf(kind, issuer),
    sub: createUserId(),
    sid: "session-1",
    iat,
    jti: randomUUID(),
  };
  const scope = SCOPES.join(" ");
  if (kind === "mcp") return { ...common, exp: iat + 60, client_id: API_CLIENT_ID, scope, act: { sub: API_CLIENT_ID } };
  if (kind === "run-grant") return { ...common, exp: iat + 330, run_id: randomUUID(), scope };
  return { ...common, exp: iat + 300, client_id: "frontend", scope };
}

/**
 * Acts as the issuer of tokens in tests, like the frontend: a key set on a real port and tokens signed with it.
 * The issuer's URL is the server's own unless given.
 */
export async function createTestIssuer(options: { issuer?: string } = {}): Promise<TestIssuer> {
  let published = [createTestKey()];
  const server = createServer((request, response) => {
    if (request.url !== "/api/auth/jwks") return void response.writeHead(404).end();
    testIssuer.fetches += 1;
    answer(response, testIssuer.mode, published);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer = options.issuer ?? origin;

  const testIssuer: TestIssuer = {
    issuer,
    jwksUrl: `${origin}/api/auth/jwks`,
    key: published[0] ?? createTestKey(),
    mode: "ok",
    fetches: 0,
    sign: (kind, claims = {}, { header = {}, key = testIssuer.key } = {}) =>
      signCompact(
        { alg: "EdDSA", typ: TOKEN_TYP[kind], kid: key.kid, ...header },
        { ...defaultClaims(kind, issuer), ...claims },
        key.privateKey,
      ),
    rotate: ({ retire = false } = {}) => {
      const key = createTestKey();
      published = retire ? [key] : [...published, key];
      testIssuer.key = key;
      return key;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return testIssuer;
}

function answer(response: ServerResponse, mode: IssuerMode, keys: TestKey[]): void {
  if (mode === "hanging") return;
  if (mode === "down") return void response.writeHead(503).end();
  if (mode === "garbage") return void response.writeHead(200, { "content-type": "application/json" }).end('{"keys":');
  const jwks = { keys: keys.map(({ kid, x }) => ({ kid, kty: "OKP", crv: "Ed25519", alg: "EdDSA", x })) };
  response.writeHead(200, { "content-type": "application/json" });
  const text = JSON.stringify(mode === "empty" ? { keys: [] } : jwks);
  response.end(mode === "giant" ? text.padEnd(1024 * 1024) : text);
}
