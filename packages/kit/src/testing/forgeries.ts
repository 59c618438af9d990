import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { audienceOf, TOKEN_TYP, type TokenKind } from "@taskassistant/contracts";
import { encodePart, signCompact } from "./compact.ts";
import { type ClaimOverrides, createTestKey, defaultClaims, type TestIssuer } from "./issuer.ts";

/** A token that must be refused, and what is wrong with it. */
export type Forgery = { name: string; token: string };

/**
 * Every way known to us to make a token that looks right and is not (RFC 8725; the classes of the JWT attack table).
 * `claims` are put into each, so that an accepted one would have an effect that a test can see.
 */
export function forgeTokens(issuer: TestIssuer, kind: TokenKind, claims: ClaimOverrides = {}): Forgery[] {
  const context = { issuer, kind, claims, payload: { ...defaultClaims(kind, issuer.issuer), ...claims } };
  return [
    ...algorithms(context),
    ...headers(context),
    ...wrongClaims(context),
    ...otherKinds(context),
    ...encodings(context),
  ].map(([name, token]) => ({ name, token }));
}

type Context = { issuer: TestIssuer; kind: TokenKind; claims: ClaimOverrides; payload: Record<string, unknown> };
type Named = [name: string, token: string];

function headerOf({ issuer, kind }: Context): Record<string, unknown> {
  return { alg: "EdDSA", typ: TOKEN_TYP[kind], kid: issuer.key.kid };
}

function algorithms(context: Context): Named[] {
  const { issuer, payload } = context;
  const { x, kid, publicKey } = issuer.key;
  const input = (alg: unknown) => `${encodePart({ ...headerOf(context), alg })}.${encodePart(payload)}`;
  const hmac = (secret: string | Buffer): string => {
    const text = input("HS256");
    return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
  };
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  const signedWith = (alg: string, key: Parameters<typeof sign>[2]) =>
    `${input(alg)}.${sign("sha256", Buffer.from(input(alg)), key).toString("base64url")}`;
  return [
    ...["none", "None", "NONE", "nOnE", ""].map((alg): Named => [`alg '${alg}', no signature`, `${input(alg)}.`]),
    ["alg none with the signature of a good token", `${input("none")}.${issuer.sign(context.kind).split(".")[2]}`],
    ["HS256 keyed by the public x", hmac(x)],
    ["HS256 keyed by the public key's bytes", hmac(Buffer.from(x, "base64url"))],
    ["HS256 keyed by the public JWK", hmac(JSON.stringify({ kty: "OKP", crv: "Ed25519", x, kid }))],
    ["HS256 keyed by the public PEM", hmac(publicKey.export({ type: "spki", format: "pem" }).toString())],
    ["HS256 with an empty key", hmac("")],
    ["RS256 of a foreign key", signedWith("RS256", rsa)],
    ["ES256 of a foreign key", signedWith("ES256", { key: ec, dsaEncoding: "ieee-p1363" })],
    ...["eddsa", "EDDSA", "Ed25519", ["EdDSA"], undefined, null].map(
      (alg): Named => [
        `alg ${JSON.stringify(alg)} with our signature`,
        signCompact({ ...headerOf(context), alg }, payload, issuer.key.privateKey),
      ],
    ),
  ];
}

function headers(context: Context): Named[] {
  const { issuer, payload } = context;
  const foreign = createTestKey();
  const jwk = { kty: "OKP", crv: "Ed25519", x: foreign.x };
  const byForeign = (header: Record<string, unknown>) =>
    signCompact({ ...headerOf(context), ...header }, payload, foreign.privateKey);
  const byUs = (header: Record<string, unknown>) =>
    signCompact({ ...headerOf(context), ...header }, payload, issuer.key.privateKey);
  return [
    ["foreign signature under our key id", byForeign({})],
    ["foreign signature under its own key id", byForeign({ kid: foreign.kid })],
    ["embedded jwk", byForeign({ jwk })],
    ["embedded jwk with its key id", byForeign({ jwk: { ...jwk, kid: foreign.kid }, kid: foreign.kid })],
    ["jku", byForeign({ jku: "http://127.0.0.1:1/jwks" })],
    ["x5u", byForeign({ x5u: "http://127.0.0.1:1/cert" })],
    ["x5c", byForeign({ x5c: [foreign.publicKey.export({ type: "spki", format: "der" }).toString("base64")] })],
    ["jwk beside our signature", byUs({ jwk })],
    ["unknown crit", byUs({ crit: ["urn:example"], "urn:example": true })],
    ["b64 false", byUs({ crit: ["b64"], b64: false })],
    ["zip", byUs({ zip: "DEF" })],
    ...(["../../etc/passwd", "' or '1'='1", "__proto__", "constructor", "", "k".repeat(5000)] as const).map(
      (kid): Named => [`kid '${kid.slice(0, 20)}'`, byForeign({ kid })],
    ),
    ["kid as an array", byForeign({ kid: [issuer.key.kid] })],
    ["no kid", byForeign({ kid: undefined })],
    ["no kid, our signature", byUs({ kid: undefined })],
  ];
}

function wrongClaims({ issuer, kind, claims, payload }: Context): Named[] {
  const signed = (change: ClaimOverrides) => issuer.sign(kind, { ...claims, ...change });
  const raw = (json: string) =>
    signCompact({ alg: "EdDSA", typ: TOKEN_TYP[kind], kid: issuer.key.kid }, json, issuer.key.privateKey);
  const text = JSON.stringify(payload);
  const now = Math.floor(Date.now() / 1000);
  const aud = audienceOf(kind, issuer.issuer);
  const missing = ["iss", "aud", "sub", "sid", "iat", "exp", "jti", "scope"].map(
    (name): Named => [`no ${name}`, signed({ [name]: undefined })],
  );
  return [
    ...missing,
    ["expired", signed({ iat: now - 120, exp: now - 31 })],
    ["a life that is too long", signed({ exp: now + 365 * 86_400 })],
    ["a life that began too long ago", signed({ iat: now - 365 * 86_400 })],
    ["not valid yet", signed({ nbf: now + 300 })],
    ["issued in the future", signed({ iat: now + 300, exp: now + 600 })],
    ["exp as text", signed({ exp: String(now + 60) })],
    ["exp with a fraction", signed({ exp: now + 60.5 })],
    ["exp without end", raw(text.replace(/"exp":\d+/, '"exp":1e400'))],
    ["iat as text", signed({ iat: String(now) })],
    ["another issuer", signed({ iss: "https://other.example" })],
    ["issuer with a slash more", signed({ iss: `${issuer.issuer}/` })],
    ["issuers as a list", signed({ iss: [issuer.issuer] })],
    ["another audience", signed({ aud: "https://other.example/mcp" })],
    ["the issuer as audience", signed({ aud: issuer.issuer })],
    ["audience with a slash more", signed({ aud: `${aud}/` })],
    ["audience in a list", signed({ aud: [aud] })],
    ["audience among others", signed({ aud: ["https://other.example", aud] })],
    ["a duplicate iss that is wrong", raw(text.replace(/}$/, ',"iss":"https://other.example"}'))],
    ["sub as a number", signed({ sub: 7 })],
    ["sub in a list", signed({ sub: [payload.sub] })],
    ["blank sub", signed({ sub: "" })],
    ["sub with a look-alike letter", signed({ sub: `а${String(payload.sub).slice(1)}` })],
    ["sub with a blank more", signed({ sub: `${payload.sub} ` })],
    ["scope as a list", signed({ scope: ["tasks:read", "tasks:write"] })],
    ["payload is a list", raw("[]")],
    ["payload is text", raw("no json")],
  ];
}

function otherKinds({ issuer, kind, claims }: Context): Named[] {
  const others = (["api", "run-grant", "mcp"] as const).filter((other) => other !== kind);
  const subject = claims.sub === undefined ? {} : { sub: claims.sub };
  const ownTyp = TOKEN_TYP[kind];
  return [
    ...others.map((other): Named => [`a good ${other} token`, issuer.sign(other, subject)]),
    ["no typ", issuer.sign(kind, claims, { header: { typ: undefined } })],
    ...["JWT", ownTyp.toUpperCase(), `application/${ownTyp}`, "logout+jwt"].map(
      (typ): Named => [`typ ${typ}`, issuer.sign(kind, claims, { header: { typ } })],
    ),
  ];
}

function encodings({ issuer, kind, claims, payload }: Context): Named[] {
  const token = issuer.sign(kind, claims);
  const [header = "", body = "", signature = ""] = token.split(".");
  const changed = encodePart({ ...payload, scope: "tasks:read tasks:write admin" });
  return [
    ["a changed payload", `${header}.${changed}.${signature}`],
    ["no signature", `${header}.${body}.`],
    ["two parts", `${header}.${body}`],
    ["four parts", `${token}.${signature}`],
    ["five parts, like a JWE", `${header}..${body}.${signature}.${signature}`],
    ["half a signature", `${header}.${body}.${signature.slice(0, 43)}`],
    ["a padded signature", `${token}==`],
    ["bytes after the signature", `${token}AAAA`],
    ["another spelling of the signature", `${header}.${body}.${respell(signature)}`],
    ["the other root of the signature", `${header}.${body}.${addGroupOrder(signature)}`],
    ["a signature in plain base64", `${header}.${body}.${signature.slice(0, -2)}+/`],
    ["only dots", ".."],
    ["no token at all", "undefined"],
    ["9 KB in a claim", issuer.sign(kind, { ...claims, filler: "f".repeat(7000) })],
    ["9 KB of nothing", "a".repeat(9000)],
  ];
}

/** 64 bytes leave four bits of the last base64url letter unused; sets one of them. */
function respell(signature: string): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return signature.slice(0, -1) + (letters[letters.indexOf(signature.slice(-1)) ^ 1] ?? "A");
}

/** S + L instead of S: what a verifier without RFC 8032's range check takes for the same signature. */
function addGroupOrder(signature: string): string {
  const bytes = Buffer.from(signature, "base64url");
  let s = 0n;
  for (let i = 63; i >= 32; i -= 1) s = (s << 8n) | BigInt(bytes[i] ?? 0);
  s += (1n << 252n) + 27742317777372353535851937790883648493n;
  for (let i = 32; i < 64; i += 1) {
    bytes[i] = Number(s & 0xffn);
    s >>= 8n;
  }
  return bytes.toString("base64url");
}
