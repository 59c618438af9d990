import { expect, test } from "vitest";
import type { ApiError } from "../../../lib/errors/api-error.ts";
import { createAccountClient } from "./account-client.ts";
import { download } from "./download.ts";

test.each([
  [200, ["GET /api/me", "follow /export"]],
  [401, ["GET /api/me", "sign in", "refused 401"]],
  [429, ["GET /api/me", "refused 429"]],
  [503, ["GET /api/me", "refused 503"]],
])("a file is fetched only when the server is there and lets the person in: %d", async (status, expected) => {
  const said: string[] = [];
  const account = createAccountClient({
    onUnauthorized: () => said.push("sign in"),
    fetch: async (path) => {
      said.push(`GET ${path}`);
      return Response.json({}, { status });
    },
  });
  await download("/export", {
    ready: account.ready,
    follow: (href) => said.push(`follow ${href}`),
    refused: (error) => said.push(`refused ${(error as ApiError).status}`),
  });
  expect(said).toEqual(expected);
});
