import { namesUser, ROUTES } from "@taskassistant/contracts/routes";
import { recordStatements, unscoped } from "@taskassistant/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { attackEveryRoute } from "./harness/attacks.ts";
import { call } from "./harness/client.ts";
import { type Harness, startHarness, type TestUser } from "./harness/harness.ts";

let h: Harness;
let anna: TestUser;
let ben: TestUser;
let bensTask = "";

beforeAll(async () => {
  h = await startHarness();
  [anna, ben] = await Promise.all([h.user("anna"), h.user("ben")]);
  const created = await call(h, ben, "POST", `/api/${ben.id}/tasks`, { body: { title: "ben's" } });
  bensTask = (created.headers.get("location") ?? "").split("/").at(-1) ?? "";
});
afterAll(() => h.close());

/** Every method on every path that names a user, with foreign users and with ids that exist, don't exist or are none. */
function foreignRequests(): { method: string; path: string }[] {
  const otherCase = [...anna.id].map((char) => (char === char.toLowerCase() ? char.toUpperCase() : char.toLowerCase()));
  const users = [
    ben.id,
    "0".repeat(32),
    "not-an-id",
    `${anna.id}x`,
    anna.id.slice(0, -1),
    otherCase.join(""),
    `${anna.id.toUpperCase()}${anna.id.toLowerCase()}`,
  ];
  expect(users).not.toContain(anna.id);
  const ids = [bensTask, "t_000000000000", "nonsense"];
  const paths = users.flatMap((user) =>
    ids.flatMap((task) =>
      attackEveryRoute({ user, task }).flatMap(({ route, path }) => (namesUser(route) ? [path, `${path}/more`] : [])),
    ),
  );
  const methods = new Set(Object.values(ROUTES).map((route) => route.method));
  return [...new Set(paths)].flatMap((path) => [...methods].map((method) => ({ method, path })));
}

test("a foreign user in the path is 403 before any look-up, with the same answer whether the user or task exists", async () => {
  const recorded = recordStatements();
  const answers = new Set<string>();
  const requests = foreignRequests();
  try {
    for (const { method, path } of requests) {
      const headers = { "x-request-id": "018f3c1e-7f2a-4b6c-9d10-5a7e3b2c4d6f", "content-type": "application/json" };
      const response = await call(h, anna, method, path, { headers, ...(method === "GET" ? {} : { body: "broken" }) });
      answers.add(`${response.status} ${await response.text()}`);
    }
  } finally {
    recorded.stop();
  }
  expect(requests.length).toBeGreaterThan(100);
  expect([...answers]).toEqual([expect.stringMatching(/^403 \{.*"code":"forbidden"/)]);
  expect(recorded.statements).toEqual([]);
});

test("every statement of every route names the user of the token", async () => {
  const created = await call(h, anna, "POST", `/api/${anna.id}/tasks`, { body: { title: "anna's" } });
  const task = (created.headers.get("location") ?? "").split("/").at(-1) ?? "";
  const requests = attackEveryRoute({ user: anna.id, task });
  const recorded = recordStatements();
  try {
    for (const { method, path, body } of requests) await (await call(h, anna, method, path, { body })).text();
  } finally {
    recorded.stop();
  }
  expect(recorded.statements.length).toBeGreaterThan(requests.length);
  expect(recorded.statements.flatMap((statement) => unscoped(statement) ?? [])).toEqual([]);
});
