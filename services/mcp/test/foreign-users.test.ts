import { describe, expect, it } from "vitest";
import { calls } from "./fixtures.ts";
import { call, ERAS, post } from "./harness.ts";
import { victim } from "./victim.ts";

const site = victim("ben");

describe.each(ERAS)("calls of another form, %s era", (era) => {
  it.each<[string, unknown, string]>([
    ["whose arguments are a list", { name: "list_tasks", arguments: [{ user_id: "x" }] }, "list_tasks"],
    ["whose arguments are a text", { name: "list_tasks", arguments: '{"user_id":"x"}' }, "list_tasks"],
    ["whose arguments are null", { name: "list_tasks", arguments: null }, "list_tasks"],
    ["whose arguments are a number", { name: "list_tasks", arguments: 7 }, "list_tasks"],
    ["whose name is a list", { name: ["list_tasks"], arguments: {} }, "tools/call"],
    ["whose name is an object", { name: { $ne: "" }, arguments: {} }, "tools/call"],
    ["without a name", { arguments: {} }, "tools/call"],
    ["with an empty name", { name: "", arguments: {} }, ""],
    ["of a tool that is none", { name: "drop_database", arguments: {} }, "drop_database"],
  ])("a call %s is refused and leaves one row", async (_what, params, action) => {
    const headers = { authorization: `Bearer ${site.harness.token(site.harness.ana)}`, "mcp-name": "list_tasks" };
    const message = { method: "tools/call", params: params as Record<string, unknown> };
    const response = await post(site.replica.url, era, message, headers);
    const body = (await response.json()) as { error?: object; result?: { isError?: boolean } };
    expect(body.error !== undefined || body.result?.isError === true).toBe(true);
    await site.untouched(JSON.stringify(body));
    expect((await site.harness.audit()).slice(site.audited)).toMatchObject([
      { action, outcome: "refused", actor: "api" },
    ]);
  });
});

/** Arguments that name another user in a form of their own, beside the right one. */
const ODD: readonly (readonly [string, (id: string) => Record<string, unknown>])[] = [
  ["in capitals", (id) => ({ USER_ID: id })],
  ["in one word", (id) => ({ userId: id })],
  ["with a hyphen", (id) => ({ "user-id": id })],
  ["with a blank behind it", (id) => ({ "user_id ": id })],
  ["in letters of full width", (id) => ({ ｕｓｅｒ_ｉｄ: id })],
  ["with a letter of no width", (id) => ({ "user\u200b_id": id })],
  ["with a letter of another alphabet", (id) => ({ "us\u0435r_id": id })],
  ["nested in an object", (id) => ({ filter: { user_id: id } })],
  ["nested in a list", (id) => ({ filters: [{ user_id: id }] })],
  ["under __proto__", (id) => JSON.parse(`{"__proto__":{"user_id":"${id}"}}`)],
  ["under constructor.prototype", (id) => ({ constructor: { prototype: { user_id: id } } })],
];

describe.each(ERAS)("the user in odd forms, %s era", (era) => {
  it.each(ODD)(
    "another user's id %s is refused by every tool, alone and beside the right one, and is audited",
    async (_what, odd) => {
      let made = 0;
      for (const [name, args] of calls) {
        const token = site.harness.token(site.harness.ana);
        for (const own of [{}, { user_id: site.harness.ana }]) {
          const answer = await call(site.replica.url, era, token, name, {
            ...args(),
            ...odd(site.harness.ben),
            ...own,
          });
          made += 1;
          expect(answer.isError).toBe(true);
          await site.untouched(answer.text, JSON.stringify(answer.structured ?? ""));
        }
      }
      const rows = (await site.harness.audit()).slice(site.audited);
      expect(rows).toHaveLength(made);
      expect(rows.map(({ outcome }) => outcome)).not.toContain("allowed");
    },
  );

  /** Sends a call whose arguments are this text, byte for byte. */
  const callRaw = async (name: string, args: string): Promise<string> => {
    const mark = "ARGUMENTS";
    const message = { method: "tools/call", params: { name, arguments: mark } };
    const authorization = `Bearer ${site.harness.token(site.harness.ana)}`;
    const written = (text: string) => text.replace(JSON.stringify(mark), () => args);
    return (await post(site.replica.url, era, message, { authorization }, written)).text();
  };

  it("the last of two keys of one name counts, and it has to be the token's user", async () => {
    const args = (first: string, second: string) => `{"user_id":"${first}","user_id":"${second}"}`;
    const { ana, ben } = site.harness;
    const answers = [await callRaw("list_tasks", args(ana, ben)), await callRaw("list_tasks", args(ben, ana))];
    await site.untouched(...answers);
    expect(answers[0]).toContain("not the signed-in user");
  });

  it.each(["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "\\u005f_proto__", "colour"])(
    "an argument %s is refused by every tool in one sentence, and is audited",
    async (key) => {
      const name = JSON.parse(`"${key}"`) as string;
      for (const value of ['"x"', "null", '""', '{"title":"Planted"}', "[1]", '{"__proto__":{"title":"Planted"}}']) {
        for (const [tool, args] of calls) {
          const own = JSON.stringify({ ...args(), user_id: site.harness.ana }).slice(1);
          const answer = JSON.parse(await callRaw(tool, `{"${key}":${value},${own}`));
          expect(answer.result, `${tool} ${value}`).toMatchObject({ isError: true });
          expect(answer.result.content[0].text).toMatch(`${tool} has no argument '${name}'; it takes`);
        }
      }
      await site.untouched();
      const rows = (await site.harness.audit()).slice(site.audited);
      expect(rows).toHaveLength(6 * calls.length);
      for (const row of rows) expect(row).toMatchObject({ outcome: "failed", reason: "invalid_arguments" });
    },
  );
});
