import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestIssuer, createUserId, forgeTokens, type TestIssuer } from "../testing/index.ts";
import { createJwksSource } from "./jwks-source.ts";
import { TokenError } from "./token-error.ts";
import { createTokenVerifier } from "./verifier.ts";

let issuer: TestIssuer;

beforeAll(async () => {
  issuer = await createTestIssuer();
});
afterAll(() => issuer.close());

function verifierFor(kind: "api" | "mcp" | "run-grant", now?: () => number) {
  const clock = now === undefined ? {} : { now };
  const jwks = createJwksSource({ url: issuer.jwksUrl, ...clock });
  return createTokenVerifier({ issuer: issuer.issuer, kind, jwks, ...clock });
}

async function reasonOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!(error instanceof TokenError)) throw new Error(`expected a TokenError, got ${String(error)}`);
  return error.reason;
}

describe.each(["api", "mcp", "run-grant"] as const)("%s tokens", (kind) => {
  it("are accepted with their claims", async () => {
    const sub = createUserId();
    const claims = await verifierFor(kind).verify(issuer.sign(kind, { sub }));
    expect(claims).toMatchObject({ sub, iss: issuer.issuer, scope: "tasks:read tasks:write" });
  });

  it("are refused in every forged form, never with another error than TokenError", async () => {
    const verifier = verifierFor(kind);
    const forgeries = forgeTokens(issuer, kind, { sub: createUserId() });
    const accepted: string[] = [];
    for (const { name, token } of forgeries) {
      const error = await verifier.verify(token).then(
        () => undefined,
        (caught: unknown) => caught,
      );
      if (!(error instanceof TokenError)) accepted.push(`${name}: ${String(error)}`);
    }
    expect(accepted).toEqual([]);
    expect(forgeries.length).toBeGreaterThanOrEqual(80);
    expect(new Set(forgeries.map(({ name }) => name)).size).toBe(forgeries.length);
  });
});

describe("the reason of a refusal", () => {
  it.each([
    ["expired", { iat: 1, exp: 2 }],
    ["issuer", { iss: "https://other.example" }],
    ["audience", { aud: "https://other.example" }],
    ["not_yet_valid", { iat: 4_000_000_000, exp: 4_000_000_060 }],
    ["claims", { sid: undefined }],
    ["lives_too_long", { exp: Math.floor(Date.now() / 1_000) + 90 }],
  ])("is %s", async (reason, claims) => {
    expect(await reasonOf(verifierFor("mcp").verify(issuer.sign("mcp", claims)))).toBe(reason);
  });

  it("is too_large before anything is parsed or fetched", async () => {
    const fetches = issuer.fetches;
    expect(await reasonOf(verifierFor("mcp").verify(`${"a".repeat(8193)}`))).toBe("too_large");
    expect(issuer.fetches).toBe(fetches);
  });

  it("is keys_unavailable when the key set can't be had", async () => {
    issuer.mode = "down";
    expect(await reasonOf(verifierFor("mcp").verify(issuer.sign("mcp")))).toBe("keys_unavailable");
    issuer.mode = "ok";
  });
});

describe("clock", () => {
  it("tolerates 30 seconds and no more", async () => {
    const token = issuer.sign("mcp");
    await verifierFor("mcp", () => Date.now() + 85_000).verify(token);
    expect(await reasonOf(verifierFor("mcp", () => Date.now() + 95_000).verify(token))).toBe("expired");
    await verifierFor("mcp", () => Date.now() - 25_000).verify(token);
    expect(await reasonOf(verifierFor("mcp", () => Date.now() - 35_000).verify(token))).toBe("not_yet_valid");
  });
});

describe("the memory of verified tokens", () => {
  it("ends at exp", async () => {
    let time = Date.now();
    const verifier = verifierFor("mcp", () => time);
    const token = issuer.sign("mcp");
    await verifier.verify(token);
    time += 91_000;
    expect(await reasonOf(verifier.verify(token))).toBe("expired");
  });

  it("falls with its key", async () => {
    let time = Date.now();
    const verifier = verifierFor("api", () => time);
    const token = issuer.sign("api", { exp: Math.floor(time / 1000) + 3600 });
    await verifier.verify(token);
    issuer.rotate({ retire: true });
    time += 601_000;
    expect(await reasonOf(verifier.verify(token))).toBe("unknown_key");
  });

  it("does not take a token for another one with the same header and subject", async () => {
    const verifier = verifierFor("mcp");
    const sub = createUserId();
    const token = issuer.sign("mcp", { sub });
    await verifier.verify(token);
    const other = issuer.sign("mcp", { sub, scope: "tasks:read" });
    const [header, payload] = other.split(".");
    expect(await reasonOf(verifier.verify(`${header}.${payload}.${token.split(".")[2]}`))).toBe("signature");
    expect((await verifier.verify(other)).scope).toBe("tasks:read");
  });

  it("is bounded", async () => {
    const jwks = createJwksSource({ url: issuer.jwksUrl });
    const verifier = createTokenVerifier({ issuer: issuer.issuer, kind: "mcp", jwks, cacheSize: 2 });
    const tokens = [issuer.sign("mcp"), issuer.sign("mcp"), issuer.sign("mcp")];
    const first = [];
    for (const token of tokens) first.push(await verifier.verify(token));
    // Remembered claims are the same object; verified again they are another one.
    expect(await verifier.verify(tokens[2]!)).toBe(first[2]);
    expect(await verifier.verify(tokens[0]!)).not.toBe(first[0]);
  });
});
