import { createAuthEndpoint } from "better-auth/api";
import { createJwk, type JwtOptions, resolveSigningKey } from "better-auth/plugins/jwt";
import { z } from "zod";

/**
 * Two calls for the server itself: one creates a signing key, the other opens the private half of a key. They have no
 * path, so they can't be reached over HTTP. `auth.api.signJWT` can't set the `typ` header, so `tokens/mint.ts` signs.
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
