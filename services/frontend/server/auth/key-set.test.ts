import { expect, it } from "vitest";
import { createKeySetRoute } from "./key-set.ts";

const ask = () => new Request("http://localhost/api/auth/jwks");

function keySet(status = 200) {
  const state = { loads: 0, ms: 0, status };
  const route = createKeySetRoute(
    async () => {
      state.loads += 1;
      return Response.json({ keys: [state.loads] }, { status: state.status });
    },
    () => state.ms,
  );
  return { state, route };
}

it("is loaded once for any number of requests, and again after five seconds", async () => {
  const { state, route } = keySet();
  const answers = await Promise.all(Array.from({ length: 200 }, () => route(ask())));
  for (const answer of answers) expect(await answer.json()).toEqual({ keys: [1] });
  state.ms = 4_999;
  expect(await (await route(ask())).json()).toEqual({ keys: [1] });
  state.ms = 5_000;
  const later = await route(ask());
  expect([later.headers.get("cache-control"), await later.json()]).toEqual(["public, max-age=60", { keys: [2] }]);
  expect(state.loads).toBe(2);
});

it("does not remember a failure", async () => {
  const { state, route } = keySet(500);
  const failed = await Promise.all([route(ask()), route(ask())]);
  expect(await Promise.all(failed.map(async (each) => [each.status, await each.json()]))).toEqual([
    [500, { keys: [1] }],
    [500, { keys: [1] }],
  ]);
  state.status = 200;
  expect((await route(ask())).status).toBe(200);
});
