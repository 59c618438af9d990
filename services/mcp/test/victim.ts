import { afterAll, beforeAll, beforeEach, expect } from "vitest";
import { call, type Harness, type Replica, startHarness } from "./harness.ts";

/** A server on which a person has one task, made anew for each test. Attacks must neither change nor show it. */
export interface Victim {
  readonly harness: Harness;
  readonly replica: Replica;
  /** Number of rows of the audit before the attack. */
  readonly audited: number;
  /** Expects that no task was changed and that no answer contains one. */
  untouched(...answers: string[]): Promise<void>;
}

/** Registers what starts and stops the server. What it returns can be used in tests. */
export function victim(who: "ana" | "ben"): Victim {
  const title = `Of ${who}`;
  let harness: Harness;
  let replica: Replica;
  let tasks: Awaited<ReturnType<Harness["tasks"]>>;
  let audited: number;

  beforeAll(async () => {
    harness = await startHarness();
    replica = await harness.replica();
  });
  beforeEach(async () => {
    await harness.clear();
    const user_id = harness[who];
    await call(replica.url, "modern", harness.token(user_id), "add_task", { title, user_id });
    tasks = await harness.tasks();
    audited = (await harness.audit()).length;
  });
  afterAll(() => harness?.close());

  return {
    get harness() {
      return harness;
    },
    get replica() {
      return replica;
    },
    get audited() {
      return audited;
    },
    untouched: async (...answers) => {
      expect(await harness.tasks()).toEqual(tasks);
      for (const answer of answers) expect(answer).not.toContain(title);
    },
  };
}
