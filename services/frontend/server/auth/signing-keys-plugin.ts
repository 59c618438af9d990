import { createAuthEndpoint } from "better-auth/api";
import { createJwk, type JwtOptions, resolveSigningKey } from "better-auth/plugins/jwt";
import { z } from "zod";

/**
 * Two calls for the server itself, without a path and so never reachable over HTTP: make a signing key, and open the
 * private half of one. Tokens are signed by us rather than by `auth.api.signJWT`, which can't set the `typ` header.
 */
export const signingKeysPlugin = (options: JwtOptions) => ({
  id: "signing-keys" as const,
  endpoints: {
    createSigningKey: createAuthEndpoint.serverOnly({ method: "POST" }, async (context) => {
      const { id } = await createJwk(context, options);
      return { id };
    }),
    openSigningKey: createAuthEndpoint.serverOnly(
      { method: "POST", body: z.object({ kid: z.string() }) },
      async (context) => resolveSigningKey(context, options, { signingKeyId: context.body.kid }),
    ),
  },
});
