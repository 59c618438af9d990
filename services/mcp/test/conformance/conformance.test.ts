import { afterAll, beforeAll, expect, it } from "vitest";
import { type Harness, startHarness } from "../harness.ts";
import { differences } from "./compare.ts";
import { EXPECTATIONS } from "./scenarios.ts";
import { runConformance } from "./suite.ts";
import { startTokenShim, type TokenShim } from "./token-shim.ts";

let harness: Harness;
let shim: TokenShim;
beforeAll(async () => {
  harness = await startHarness();
  const replica = await harness.replica();
  shim = await startTokenShim(replica.url, () => harness.externalToken(harness.ana));
});
afterAll(async () => {
  await shim.close();
  await harness.close();
});

it.each(Object.entries(EXPECTATIONS))(
  "every scenario of the conformance suite for %s passes or has a reason why it does not apply",
  async (revision, expected) => {
    expect(differences(await runConformance(shim.url, revision), expected)).toEqual([]);
  },
  60_000,
);
