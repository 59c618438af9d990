import { forgeTokens } from "@taskassistant/kit/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { calls } from "./fixtures.ts";
import { call, ERAS, type Harness, post, publishedTools, type Replica, startHarness } from "./harness.ts";

let harness: Harness;
let replica: Replica;
beforeAll(async () => {
  harness = await startHarness();
  replica = await harness.replica();
});
beforeEach(async () => {
  await harness.clear();
  await call(replica.url, "modern", harness.token(harness.ana), "add_task", { title: "Of Ana", user_id: harness.ana });
  before = { tasks: await harness.tasks(), audit: (await harness.audit()).length };
});
afterAll(() => harness.close());

let before: { tasks: Awaited<ReturnType<Harness["tasks"]>>; audit: number };

/** Expects that no task was changed and that no answer contains one. */
async function untouched(...answers: string[]) {
  expect(await harness.tasks()).toEqual(before.tasks);
  for (const answer of answers) expect(answer).not.toContain("Of Ana");
}

const metadata = () => `${harness.issuer.issuer}/.well-known/oauth-protected-resource/mcp`;

it.each(ERAS)("every published tool is attacked by the tests in this file (%s era)", async (era) => {
  const tools = await publishedTools(replica.url, era, harness.token(harness.ana));
  expect(calls.map(([name]) => name).sort()).toEqual(tools.map((tool) => tool.name).sort());
});

describe.each(ERAS)("tokens, %s era", (era) => {
  const attempts = [
    { name: "list_tasks", arguments: {} },
    { name: "add_task", arguments: { title: "Planted" } },
  ];
  const attempt = async (authorization: string | undefined) => {
    const answers = [];
    for (const { name, arguments: args } of attempts) {
      const params = { name, arguments: { ...args, user_id: harness.ana } };
      const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
      const response = await post(replica.url, era, { method: "tools/call", params }, headers);
      answers.push({ response, text: await response.text() });
    }
    return answers;
  };

  it("every forged token gets 401 with the address of the metadata and changes nothing", async () => {
    const forgeries = forgeTokens(harness.issuer, "mcp", { sub: harness.ana });
    const wrong: string[] = [];
    for (const { name, token } of forgeries) {
      for (const { response, text } of await attempt(`Bearer ${token}`)) {
        const challenge = response.headers.get("www-authenticate") ?? "";
        const right =
          response.status === 401 &&
          challenge.includes(`resource_metadata="${metadata()}"`) &&
          challenge.includes('scope="tasks:read tasks:write"') &&
          challenge.includes('error="invalid_token"') &&
          JSON.parse(text).error === "invalid_token";
        if (!right) wrong.push(`${name}: ${response.status} ${challenge}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(forgeries.length).toBeGreaterThanOrEqual(80);
    await untouched();
    expect(await harness.audit()).toHaveLength(before.audit);
  });

  it.each([
    ["no header", () => undefined],
    ["an empty header", () => ""],
    ["another scheme", () => `Basic ${harness.token(harness.ana)}`],
    ["the token without a scheme", () => harness.token(harness.ana)],
    ["two tokens in a header", () => `Bearer ${harness.token(harness.ben)}, Bearer ${harness.token(harness.ana)}`],
    ["a session cookie's value", () => "Bearer s3ss10n.c00k1e"],
    ["10 KB", () => `Bearer ${"a".repeat(10_000)}`],
  ])("a missing or malformed token gets 401: %s", async (_, header) => {
    for (const { response, text } of await attempt(header())) {
      expect(response.status).toBe(401);
      expect(response.headers.get("www-authenticate")).toContain(`resource_metadata="${metadata()}"`);
      await untouched(text);
    }
  });

  it("a missing token gets a challenge without an error code (RFC 6750, section 3.1)", async () => {
    const [first] = await attempt(undefined);
    expect(first!.response.headers.get("www-authenticate")).toBe(
      `Bearer resource_metadata="${metadata()}", scope="tasks:read tasks:write"`,
    );
  });

  it("a token in a header larger than HTTP allows never reaches the server", async () => {
    for (const { response } of await attempt(`Bearer ${"a".repeat(20_000)}`)) expect(response.status).toBe(431);
    await untouched();
  });

  it("a token in the query or in a cookie is ignored", async () => {
    const token = harness.token(harness.ana);
    const params = { name: "list_tasks", arguments: { user_id: harness.ana } };
    const inQuery = await post(`${replica.url}?access_token=${token}`, era, { method: "tools/call", params }, {});
    const inCookie = await post(replica.url, era, { method: "tools/call", params }, { cookie: `token=${token}` });
    expect(inQuery.status).toBe(401);
    expect(inCookie.status).toBe(401);
  });

  it("a token of another assistant is refused", async () => {
    const { createTestIssuer } = await import("@taskassistant/kit/testing");
    const other = await createTestIssuer();
    for (const { response } of await attempt(`Bearer ${other.sign("mcp", { sub: harness.ana })}`)) {
      expect(response.status).toBe(401);
    }
    await other.close();
  });

  it("a token is accepted with the scheme in any case", async () => {
    for (const { response } of await attempt(`bearer ${harness.token(harness.ana)}`)) expect(response.status).toBe(200);
    expect((await harness.tasks()).map((task) => task.title)).toEqual(["Of Ana", "Planted"]);
  });
});

describe.each(ERAS)("user_id, %s era", (era) => {
  const others: [string, () => unknown][] = [
    ["of another user", () => harness.ben],
    ["in a list", () => [harness.ana]],
    ["as an object", () => ({ $eq: harness.ana })],
    ["as a number", () => 7],
    ["as true", () => true],
    ["that is null", () => null],
    ["that is empty", () => ""],
    ["with a blank", () => `${harness.ana} `],
    ["in another case", () => harness.ana.toUpperCase()],
    ["with a wildcard", () => "%"],
  ];
  it.each(others)(
    "a user_id %s is refused by every tool, from the API and from outside, and each refusal is audited",
    async (_, userId) => {
      let refused = 0;
      for (const [name, args] of calls) {
        for (const token of [harness.token(harness.ana), harness.externalToken(harness.ana)]) {
          const answer = await call(replica.url, era, token, name, { ...args(), user_id: userId() });
          refused += 1;
          expect(answer).toEqual({
            status: 200,
            isError: true,
            text: "user_id is not the signed-in user. Tasks of others can't be reached; nothing was done.",
            structured: undefined,
          });
        }
      }
      await untouched();
      const rows = (await harness.audit()).slice(before.audit);
      expect(rows).toHaveLength(refused);
      expect(new Set(rows.map((row) => `${row.outcome} ${row.reason}`))).toEqual(new Set(["refused user_id_mismatch"]));
    },
  );

  it.each(calls)("a missing user_id is refused by %s when a client acts for the user", async (name, args) => {
    const answer = await call(replica.url, era, harness.token(harness.ana), name, args());
    expect(answer).toMatchObject({ status: 200, isError: true });
    expect(answer.text).toContain("user_id is missing");
    await untouched(answer.text);
    expect((await harness.audit()).at(-1)).toMatchObject({
      action: name,
      outcome: "refused",
      reason: "user_id_missing",
    });
  });

  it("a missing user_id is refused for any actor, not only the API", async () => {
    const token = harness.token(harness.ana, { act: { sub: "someone" }, client_id: "someone" });
    expect((await call(replica.url, era, token, "list_tasks", {})).text).toContain("user_id is missing");
  });

  it("a client that the user authorised needs no user_id and acts as the subject of its token", async () => {
    await call(replica.url, era, harness.externalToken(harness.ben), "add_task", { title: "Of Ben" });
    expect((await harness.tasks()).at(-1)).toMatchObject({ title: "Of Ben", user_id: harness.ben });
    expect((await harness.audit()).at(-1)).toMatchObject({ actor: "user", client_id: "claude", outcome: "allowed" });
  });

  it("a wrong user_id is refused before the other arguments are checked", async () => {
    const answer = await call(replica.url, era, harness.token(harness.ana), "add_task", {
      colour: 1,
      user_id: harness.ben,
    });
    expect(answer.text).toContain("user_id is not the signed-in user");
  });

  it("a user_id can't be smuggled in under another key", async () => {
    for (const key of ["userId", "__proto__", "constructor", "sub"]) {
      const args = JSON.parse(
        `{"title":"Planted","user_id":${JSON.stringify(harness.ana)},${JSON.stringify(key)}:{"user_id":"x"}}`,
      );
      const answer = await call(replica.url, era, harness.token(harness.ana), "add_task", args);
      if (!answer.isError) expect((await harness.tasks()).at(-1)!.user_id).toBe(harness.ana);
    }
    expect((await harness.tasks()).every((task) => task.user_id === harness.ana)).toBe(true);
  });
});

describe.each(ERAS)("scopes, %s era", (era) => {
  const params = { name: "add_task", arguments: { title: "Planted", user_id: "" } };

  it("a change without tasks:write gets 403 insufficient_scope, is audited and is not made", async () => {
    const token = harness.token(harness.ana, { scope: "tasks:read" });
    params.arguments.user_id = harness.ana;
    const response = await post(
      replica.url,
      era,
      { method: "tools/call", params },
      { authorization: `Bearer ${token}` },
    );
    expect(response.status).toBe(403);
    expect(response.headers.get("www-authenticate")).toBe(
      `Bearer error="insufficient_scope", error_description="The token lacks the scope tasks:write.", scope="tasks:read tasks:write", resource_metadata="${metadata()}"`,
    );
    await untouched();
    expect((await harness.audit()).at(-1)).toMatchObject({ outcome: "refused", reason: "insufficient_scope" });
    expect((await call(replica.url, era, token, "list_tasks", { user_id: harness.ana })).status).toBe(200);
  });

  it("a call without the scope of its tool gets 403", async () => {
    const token = harness.token(harness.ana, { scope: "tasks:write" });
    expect((await call(replica.url, era, token, "list_tasks", { user_id: harness.ana })).status).toBe(403);
    expect(
      (await call(replica.url, era, token, "complete_task", { user_id: harness.ana, task_ids: ["t_000000000000"] }))
        .status,
    ).toBe(200);
    for (const scope of ["", "tasks:writes tasks", "TASKS:WRITE"]) {
      const poor = harness.token(harness.ana, { scope });
      for (const [name] of calls) {
        expect((await call(replica.url, era, poor, name, { user_id: harness.ana })).status).toBe(403);
      }
    }
  });

  it("a call without arguments needs its scope like any other", async () => {
    const token = harness.externalToken(harness.ana, { scope: "tasks:write" });
    const answer = await call(replica.url, era, token, "list_tasks", undefined);
    expect(answer.status).toBe(403);
    await untouched(answer.text);
    expect((await harness.audit()).at(-1)).toMatchObject({ outcome: "refused", reason: "insufficient_scope" });
  });
});

describe("the keys of the issuer", () => {
  it("keys that can't be fetched lead to 503 with Retry-After instead of 401", async () => {
    const fresh = await harness.replica();
    harness.issuer.mode = "down";
    const headers = { authorization: `Bearer ${harness.token(harness.ana)}` };
    const response = await post(fresh.url, "modern", { method: "tools/list" }, headers);
    harness.issuer.mode = "ok";
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("2");
    await fresh.stop();
  });
});

describe("requests at the same time", () => {
  it("two users on one replica with equal request ids each get their own tasks", async () => {
    await call(replica.url, "modern", harness.token(harness.ben), "add_task", {
      title: "Of Ben",
      user_id: harness.ben,
    });
    const users = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? harness.ana : harness.ben));
    const answers = await Promise.all(
      users.map((user, index) =>
        call(replica.url, ERAS[(index >> 1) % 2]!, harness.token(user), "list_tasks", { user_id: user }),
      ),
    );
    for (const [index, answer] of answers.entries()) {
      const [mine, other] = index % 2 === 0 ? ["Of Ana", "Of Ben"] : ["Of Ben", "Of Ana"];
      expect(answer.text).toContain(mine);
      expect(answer.text).not.toContain(other);
    }
  });
});

describe("what is logged", () => {
  it("the log contains no token and no task", async () => {
    const token = harness.token(harness.ana);
    await call(replica.url, "modern", token, "add_task", { title: "Very private", user_id: harness.ana });
    await call(replica.url, "modern", token, "add_task", { title: "Very private", user_id: harness.ben });
    const text = harness.logs.join("");
    expect(text).toContain("tool call refused");
    expect(text).not.toContain("Very private");
    expect(text).not.toContain(token.split(".")[1]);
    expect(text).not.toContain(token.split(".")[2]);
  });
});
