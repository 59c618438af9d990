import { expect, it } from "vitest";
import { createFakeClock } from "../../../test/fixtures/clock-fixture.ts";
import { ApiError, type KubeClient, type KubeObject, type WatchEvent } from "../../kube/index.ts";
import { followNamespace, type Presence } from "./namespace-presence.ts";

const shop = (metadata: object = {}): KubeObject => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name: "shop", ...metadata },
});
const ending = shop({ deletionTimestamp: "2026-01-01T00:00:00Z" });

/** Follows a namespace through the answers of a server; the last answer stops it. */
async function presences(answers: (KubeObject | undefined | Error)[], events: WatchEvent<KubeObject>[] = []) {
  const clock = createFakeClock();
  const stop = new AbortController();
  const seen: Presence[] = [];
  const client = {
    get: async () => {
      const answer = answers.shift();
      if (answers.length === 0) stop.abort();
      if (answer instanceof Error) throw answer;
      return answer;
    },
    watch: async function* () {
      yield* events.splice(0);
    },
  } as unknown as KubeClient;
  const changed = (presence: Presence) => void seen.push(presence);
  const done = followNamespace({ client, namespace: "shop", clock, changed }, stop.signal);
  for (let round = 0; round < 10 && !stop.signal.aborted; round += 1) await clock.advance(20_000);
  await done;
  return seen;
}

it("a namespace is followed from its object and from every later event", async () => {
  const events: WatchEvent<KubeObject>[] = [
    { type: "MODIFIED", object: shop({ labels: { a: "b" } }) },
    { type: "MODIFIED", object: ending },
    { type: "DELETED", object: ending },
  ];
  expect(await presences([shop(), undefined], events)).toEqual(["present", "terminating", "gone"]);
});

it("a namespace that comes back is seen at the next look, however long it was gone", async () => {
  expect(await presences([undefined, undefined, shop(), ending])).toEqual(["gone", "present", "terminating"]);
});

it("a namespace that must not be read is unknown, and a server in trouble changes nothing", async () => {
  const refused = (code: number) => new ApiError({ status: code, message: "no" });
  expect(await presences([shop(), refused(503), refused(403)])).toEqual(["present", "unknown"]);
});
