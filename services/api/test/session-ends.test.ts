import { runSql } from "@taskassistant/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { call, say, textOf } from "./harness/client.ts";
import { type Harness, startHarness } from "./harness/harness.ts";
import { says } from "./harness/model-scripts.ts";

let h: Harness;
beforeAll(async () => {
  h = await startHarness({ agent: { sessionCheckSeconds: 0.1 } });
});
afterAll(() => h.close());

/** A model that speaks for minutes, and what the person does when it has begun. */
const talking = (meanwhile: () => unknown) => {
  h.model.respond = () => {
    void meanwhile();
    return [says("word "), { type: "stall", ms: 300_000 }, says("never said")];
  };
};

test("an answer ends when its session is ended from another device, though it calls no tool", async () => {
  const ann = await h.user("ann");
  talking(() => h.exchange.signedOut.add(ann.sid));
  const seen = await say(h, ann, "go");
  expect(seen.message.metadata).toMatchObject({ status: "failed", code: "unauthorized" });
  expect(textOf(seen.message)).toBe("word ");
});

test("an answer ends when its account is deleted, and its token brings nothing back", async () => {
  const [ann, ben] = [await h.user("gone"), await h.user("stays")];
  const bodies = { title: "mine" };
  expect((await call(h, ben, "POST", `/api/${ben.id}/tasks`, { body: bodies })).status).toBe(201);
  talking(async () => {
    await runSql(h.database.adminUrl, `delete from auth."user" where id = $1`, [ann.id]);
    h.exchange.signedOut.add(ann.sid);
  });
  const seen = await say(h, ann, "go");
  expect(seen.message.metadata).toMatchObject({ status: "failed" });

  // The API token is valid for some minutes still.
  const attempts = [
    await call(h, ann, "POST", `/api/${ann.id}/tasks`, { body: bodies }),
    await call(h, ann, "POST", "/api/chat", { body: { message: "again" } }),
  ];
  expect(attempts.map(({ status }) => status)).toEqual([401, 401]);
  const list = await call(h, ann, "GET", `/api/${ann.id}/tasks`);
  expect(await list.json()).toMatchObject({ tasks: [] });
  for (const table of ["task", "conversation", "message", "usage", "idempotency_key"]) {
    const { rows } = await runSql(
      h.database.adminUrl,
      `select count(*)::int as n from app.${table} where user_id = $1`,
      [ann.id],
    );
    expect([table, rows[0].n]).toEqual([table, 0]);
  }
  expect(await (await call(h, ben, "GET", `/api/${ben.id}/tasks`)).json()).toMatchObject({ tasks: [bodies] });
});

test("an answer goes on while nobody can say whether its session is alive", async () => {
  const ann = await h.user("patient");
  h.model.respond = () => {
    h.exchange.down = true;
    return [says("one "), { type: "stall", ms: 700 }, says("two")];
  };
  const seen = await say(h, ann, "go");
  h.exchange.down = false;
  expect(seen.message.metadata).toMatchObject({ status: "completed" });
});
