import { forgeTokens } from "@taskassistant/kit/testing";
import { describe, expect, it } from "vitest";
import { calls } from "./fixtures.ts";
import { call, ERAS, post, publishedTools } from "./harness.ts";
import { victim } from "./victim.ts";

const site = victim("ana");

const metadata = () => `${site.harness.issuer.issuer}/.well-known/oauth-protected-resource/mcp`;

it.each(ERAS)("every published tool is attacked by the tests in this file (%s era)", async (era) => {
  const tools = await publishedTools(site.replica.url, era, site.harness.token(site.harness.ana));
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
      const params = { name, arguments: { ...args, user_id: site.harness.ana } };
      const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
      const response = await post(site.replica.url, era, { method: "tools/call", params }, headers);
      answers.push({ response, text: await response.text() });
    }
    return answers;
  };

  it("every forged token gets 401 with the address of the metadata and changes nothing", async () => {
    const forgeries = forgeTokens(site.harness.issuer, "mcp", { sub: site.harness.ana });
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
    await site.untouched();
    expect(await site.harness.audit()).toHaveLength(site.audited);
  });

  it.each([
    ["no header", () => undefined],
    ["an empty header", () => ""],
    ["another scheme", () => `Basic ${site.harness.token(site.harness.ana)}`],
    ["the token without a scheme", () => site.harness.token(site.harness.ana)],
    [
      "two tokens in a header",
      () => `Bearer ${site.harness.token(site.harness.ben)}, Bearer ${site.harness.token(site.harness.ana)}`,
    ],
    ["a session cookie's value", () => "Bearer s3ss10n.c00k1e"],
    ["10 KB", () => `Bearer ${"a".repeat(10_000)}`],
  ])("a missing or malformed token gets 401: %s", async (_, header) => {
    for (const { response, text } of await attempt(header())) {
      expect(response.status).toBe(401);
      expect(response.headers.get("www-authenticate")).toContain(`resource_metadata="${metadata()}"`);
      await site.untouched(text);
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
    await site.untouched();
  });

  it("a token in the query or in a cookie is ignored", async () => {
    const token = site.harness.token(site.harness.ana);
    const params = { name: "list_tasks", arguments: { user_id: site.harness.ana } };
    const inQuery = await post(`${site.replica.url}?access_token=${token}`, era, { method: "tools/call", params }, {});
    const inCookie = await post(site.replica.url, era, { method: "tools/call", params }, { cookie: `token=${token}` });
    expect(inQuery.status).toBe(401);
    expect(inCookie.status).toBe(401);
  });

  it("a token of another assistant is refused", async () => {
    const { createTestIssuer } = await import("@taskassistant/kit/testing");
    const other = await createTestIssuer();
    for (const { response } of await attempt(`Bearer ${other.sign("mcp", { sub: site.harness.ana })}`)) {
      expect(response.status).toBe(401);
    }
    await other.close();
  });

  it("a token is accepted with the scheme in any case", async () => {
    for (const { response } of await attempt(`bearer ${site.harness.token(site.harness.ana)}`))
      expect(response.status).toBe(200);
    expect((await site.harness.tasks()).map((task) => task.title)).toEqual(["Of ana", "Planted"]);
  });
});

describe.each(ERAS)("user_id, %s era", (era) => {
  const others: [string, () => unknown][] = [
    ["of another user", () => site.harness.ben],
    ["in a list", () => [site.harness.ana]],
    ["as an object", () => ({ $eq: site.harness.ana })],
    ["as a number", () => 7],
    ["as true", () => true],
    ["that is null", () => null],
    ["that is empty", () => ""],
    ["with a blank", () => `${site.harness.ana} `],
    ["in another case", () => site.harness.ana.toUpperCase()],
    ["with a wildcard", () => "%"],
  ];
  it.each(others)(
    "a user_id %s is refused by every tool, from the API and from outside, and each refusal is audited",
    async (_, userId) => {
      let refused = 0;
      for (const [name, args] of calls) {
        for (const token of [site.harness.token(site.harness.ana), site.harness.externalToken(site.harness.ana)]) {
          const answer = await call(site.replica.url, era, token, name, { ...args(), user_id: userId() });
          refused += 1;
          expect(answer).toEqual({
            status: 200,
            isError: true,
            text: "user_id is not the signed-in user. Tasks of others can't be reached; nothing was done.",
            structured: undefined,
          });
        }
      }
      await site.untouched();
      const rows = (await site.harness.audit()).slice(site.audited);
      expect(rows).toHaveLength(refused);
      expect(new Set(rows.map((row) => `${row.outcome} ${row.reason}`))).toEqual(new Set(["refused user_id_mismatch"]));
    },
  );

  it.each(calls)("a missing user_id is refused by %s when a client acts for the user", async (name, args) => {
    const answer = await call(site.replica.url, era, site.harness.token(site.harness.ana), name, args());
    expect(answer).toMatchObject({ status: 200, isError: true });
    expect(answer.text).toContain("user_id is missing");
    await site.untouched(answer.text);
    expect((await site.harness.audit()).at(-1)).toMatchObject({
      action: name,
      outcome: "refused",
      reason: "user_id_missing",
    });
  });

  it("a missing user_id is refused for any actor, not only the API", async () => {
    const token = site.harness.token(site.harness.ana, { act: { sub: "someone" }, client_id: "someone" });
    expect((await call(site.replica.url, era, token, "list_tasks", {})).text).toContain("user_id is missing");
  });

  it("a client that the user authorised needs no user_id and acts as the subject of its token", async () => {
    await call(site.replica.url, era, site.harness.externalToken(site.harness.ben), "add_task", { title: "Of ben" });
    expect((await site.harness.tasks()).at(-1)).toMatchObject({ title: "Of ben", user_id: site.harness.ben });
    expect((await site.harness.audit()).at(-1)).toMatchObject({
      actor: "user",
      client_id: "claude",
      outcome: "allowed",
    });
  });

  it("a wrong user_id is refused before the other arguments are checked", async () => {
    const answer = await call(site.replica.url, era, site.harness.token(site.harness.ana), "add_task", {
      colour: 1,
      user_id: site.harness.ben,
    });
    expect(answer.text).toContain("user_id is not the signed-in user");
  });

  it("a user_id can't be smuggled in under another key", async () => {
    for (const key of ["userId", "__proto__", "constructor", "sub"]) {
      const args = JSON.parse(
        `{"title":"Planted","user_id":${JSON.stringify(site.harness.ana)},${JSON.stringify(key)}:{"user_id":"x"}}`,
      );
      const before = await site.harness.audit();
      const answer = await call(site.replica.url, era, site.harness.token(site.harness.ana), "add_task", args);
      expect(JSON.stringify(answer)).toContain(`no argument '${key}'`);
      const rows = (await site.harness.audit()).slice(before.length);
      expect(rows).toMatchObject([{ action: "add_task" }]);
      expect(rows[0]!.outcome).not.toBe("allowed");
    }
    await site.untouched();
  });
});

describe.each(ERAS)("scopes, %s era", (era) => {
  const params = { name: "add_task", arguments: { title: "Planted", user_id: "" } };

  it("a change without tasks:write gets 403 insufficient_scope, is audited and is not made", async () => {
    const token = site.harness.token(site.harness.ana, { scope: "tasks:read" });
    params.arguments.user_id = site.harness.ana;
    const response = await post(
      site.replica.url,
      era,
      { method: "tools/call", params },
      { authorization: `Bearer ${token}` },
    );
    expect(response.status).toBe(403);
    expect(response.headers.get("www-authenticate")).toBe(
      `Bearer error="insufficient_scope", error_description="The token lacks the scope tasks:write.", scope="tasks:read tasks:write", resource_metadata="${metadata()}"`,
    );
    await site.untouched();
    expect((await site.harness.audit()).at(-1)).toMatchObject({ outcome: "refused", reason: "insufficient_scope" });
    expect((await call(site.replica.url, era, token, "list_tasks", { user_id: site.harness.ana })).status).toBe(200);
  });

  it("a call without the scope of its tool gets 403", async () => {
    const token = site.harness.token(site.harness.ana, { scope: "tasks:write" });
    expect((await call(site.replica.url, era, token, "list_tasks", { user_id: site.harness.ana })).status).toBe(403);
    expect(
      (
        await call(site.replica.url, era, token, "complete_task", {
          user_id: site.harness.ana,
          task_ids: ["t_000000000000"],
        })
      ).status,
    ).toBe(200);
    for (const scope of ["", "tasks:writes tasks", "TASKS:WRITE"]) {
      const poor = site.harness.token(site.harness.ana, { scope });
      for (const [name] of calls) {
        expect((await call(site.replica.url, era, poor, name, { user_id: site.harness.ana })).status).toBe(403);
      }
    }
  });

  it("a call without arguments needs its scope like any other", async () => {
    const token = site.harness.externalToken(site.harness.ana, { scope: "tasks:write" });
    const answer = await call(site.replica.url, era, token, "list_tasks", undefined);
    expect(answer.status).toBe(403);
    await site.untouched(answer.text);
    expect((await site.harness.audit()).at(-1)).toMatchObject({ outcome: "refused", reason: "insufficient_scope" });
  });
});

describe("the keys of the issuer", () => {
  it("keys that can't be fetched lead to 503 with Retry-After instead of 401", async () => {
    const fresh = await site.harness.replica();
    site.harness.issuer.mode = "down";
    const headers = { authorization: `Bearer ${site.harness.token(site.harness.ana)}` };
    const response = await post(fresh.url, "modern", { method: "tools/list" }, headers);
    site.harness.issuer.mode = "ok";
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("2");
    await fresh.stop();
  });
});

describe("requests at the same time", () => {
  it("two users on one site.replica with equal request ids each get their own tasks", async () => {
    await call(site.replica.url, "modern", site.harness.token(site.harness.ben), "add_task", {
      title: "Of ben",
      user_id: site.harness.ben,
    });
    const users = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? site.harness.ana : site.harness.ben));
    const answers = await Promise.all(
      users.map((user, index) =>
        call(site.replica.url, ERAS[(index >> 1) % 2]!, site.harness.token(user), "list_tasks", { user_id: user }),
      ),
    );
    for (const [index, answer] of answers.entries()) {
      const [mine, other] = index % 2 === 0 ? ["Of ana", "Of ben"] : ["Of ben", "Of ana"];
      expect(answer.text).toContain(mine);
      expect(answer.text).not.toContain(other);
    }
  });
});

describe("what is logged", () => {
  it("the log contains no token and no task", async () => {
    const token = site.harness.token(site.harness.ana);
    await call(site.replica.url, "modern", token, "add_task", { title: "Very private", user_id: site.harness.ana });
    await call(site.replica.url, "modern", token, "add_task", { title: "Very private", user_id: site.harness.ben });
    const text = site.harness.logs.join("");
    expect(text).toContain("tool call refused");
    expect(text).not.toContain("Very private");
    expect(text).not.toContain(token.split(".")[1]);
    expect(text).not.toContain(token.split(".")[2]);
  });
});
