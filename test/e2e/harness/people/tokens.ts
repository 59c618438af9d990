import { createPrivateKey, createPublicKey, randomUUID } from "node:crypto";
import { API_CLIENT_ID, audienceOf, TOKEN_EXCHANGE } from "@taskassistant/contracts";
import type { TestKey } from "@taskassistant/kit/testing";
import { cluster } from "../cluster/assistants.ts";
import { sql } from "../cluster/database.ts";
import { type Answer, request } from "./people.ts";

/** The frontend's second listener, as the API uses it. */
export type Exchange = {
  /** An API token for a run grant, and that for an MCP token. @throws with the answer when one is refused */
  mcpToken(apiToken: string): Promise<string>;
  post(form: Record<string, string>, credentials?: string): Promise<Answer>;
};

/** @param url where port 3001 can be reached  @param secret the API's client secret */
export function exchangeAt(url: string, issuer: string, secret: string): Exchange {
  const own = `${API_CLIENT_ID}:${secret}`;
  const post = (form: Record<string, string>, credentials = own) =>
    request(`${url}/oauth2/token`, {
      method: "POST",
      headers: {
        authorization: `Basic ${Buffer.from(credentials).toString("base64")}`,
        "content-type": "application/x-www-form-urlencoded",
      },
      body: new URLSearchParams({ grant_type: TOKEN_EXCHANGE.grantType, ...form }).toString(),
    });
  const tokenOf = ({ status, text, body }: Answer): string => {
    if (status !== 200) throw new Error(`exchange: ${status} ${text}`);
    return (body as { access_token: string }).access_token;
  };
  return {
    post,
    mcpToken: async (apiToken) => {
      const grant = tokenOf(await post(grantRequest(apiToken)));
      return tokenOf(
        await post({
          subject_token: grant,
          subject_token_type: TOKEN_EXCHANGE.runGrant,
          audience: audienceOf("mcp", issuer),
        }),
      );
    },
  };
}

/** The form that asks for a run grant. */
export function grantRequest(apiToken: string): Record<string, string> {
  return {
    subject_token: apiToken,
    subject_token_type: TOKEN_EXCHANGE.accessToken,
    requested_token_type: TOKEN_EXCHANGE.runGrant,
    run_id: randomUUID(),
  };
}

/** Reads a key of a Secret, as whoever may read the namespace's Secrets can. */
export async function secretKey(namespace: string, name: string, key: string): Promise<string> {
  const path = `jsonpath={.data.${key}}`;
  const data = await cluster().kubectl("--namespace", namespace, "get", "secret", name, "--output", path);
  return Buffer.from(data, "base64").toString();
}

/** Decrypts with the library that encrypted, where both it and the secret are. */
const OPEN_KEY = `
  const { symmetricDecrypt } = await import("better-auth/crypto");
  const key = process.env.BETTER_AUTH_SECRET;
  process.stdout.write(await symmetricDecrypt({ key, data: JSON.parse(process.argv[1]) }));
`;

/**
 * The very key the deployed frontend signs with. With it a forged token differs from a good one in exactly the flaw that is
 * tested, so that no other check can be what refuses it.
 */
export async function signingKeyOf(namespace: string, name: string): Promise<TestKey> {
  const text = `select id, "privateKey" from auth.jwks order by "createdAt" limit 1`;
  const [[kid = "", encrypted = ""] = []] = await sql(namespace, name, text);
  const node = ["/nodejs/bin/node", "--input-type=module", "-e", OPEN_KEY, encrypted];
  const { kubectl } = cluster();
  const opened = await kubectl("--namespace", namespace, "exec", `deployment/${name}-frontend`, "--", ...node);
  const jwk = JSON.parse(opened);
  const privateKey = createPrivateKey({ key: jwk, format: "jwk" });
  return { kid, x: jwk.x, privateKey, publicKey: createPublicKey(privateKey) };
}
