import { problemSchema, type Task, taskPageSchema, taskSchema } from "@taskassistant/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { call } from "./harness/client.ts";
import { type Harness, startHarness, type TestUser } from "./harness/harness.ts";

let h: Harness;
let anna: TestUser;
let ben: TestUser;

beforeAll(async () => {
  h = await startHarness({ corsOrigins: ["https://app.example.com"] });
  [anna, ben] = await Promise.all([h.user("anna"), h.user("ben")]);
});
afterAll(() => h.close());

const path = (user: TestUser, id?: string) => `/api/${user.id}/tasks${id === undefined ? "" : `/${id}`}`;
const create = async (user: TestUser, body: object): Promise<Task> =>
  taskSchema.parse(await (await call(h, user, "POST", path(user), { body })).json());

test("a task is created, read, changed and moved to the trash", async () => {
  const response = await call(h, anna, "POST", path(anna), { body: { title: " Buy milk ", due: "2026-12-01" } });
  expect(response.status).toBe(201);
  const task = taskSchema.parse(await response.json());
  expect(task).toMatchObject({ title: "Buy milk", due: "2026-12-01", done: false, version: 1 });
  expect(response.headers.get("location")).toBe(path(anna, task.id));
  expect(response.headers.get("etag")).toBe('"1"');

  const read = await call(h, anna, "GET", path(anna, task.id));
  expect(taskSchema.parse(await read.json())).toEqual(task);

  const patched = await call(h, anna, "PATCH", path(anna, task.id), {
    body: { due: null, done: true },
    headers: { "content-type": "application/merge-patch+json" },
  });
  expect(taskSchema.parse(await patched.json())).toMatchObject({
    title: "Buy milk",
    due: null,
    done: true,
    version: 2,
  });

  expect((await call(h, anna, "DELETE", path(anna, task.id))).status).toBe(204);
  expect((await call(h, anna, "GET", path(anna, task.id))).status).toBe(404);
  expect((await call(h, anna, "DELETE", path(anna, task.id))).status).toBe(404);
});

test("lists are filtered and paged by the query", async () => {
  const carla = await h.user("carla");
  for (const title of ["one", "two", "three"]) await create(carla, { title });
  const first = taskPageSchema.parse(await (await call(h, carla, "GET", `${path(carla)}?limit=2`)).json());
  expect([first.tasks.length, first.total]).toEqual([2, 3]);
  const cursor = encodeURIComponent(first.next_cursor ?? "");
  const rest = taskPageSchema.parse(
    await (await call(h, carla, "GET", `${path(carla)}?limit=2&cursor=${cursor}`)).json(),
  );
  expect([...first.tasks, ...rest.tasks].map((task) => task.title).sort()).toEqual(["one", "three", "two"]);
  const found = taskPageSchema.parse(await (await call(h, carla, "GET", `${path(carla)}?query=THR`)).json());
  expect(found.tasks.map((task) => task.title)).toEqual(["three"]);
});

test("a task repeats: done by a patch, the next one is in the list, and a list can be asked for a priority", async () => {
  const dora = await h.user("dora");
  const body = { title: "plants", due: "2126-03-04", due_time: "18:00", due_zone: "Europe/Berlin", priority: 2 };
  const { id } = await create(dora, { ...body, repeat: "FREQ=WEEKLY" });
  await create(dora, { title: "other" });
  for (const _ of ["once", "again"]) await call(h, dora, "PATCH", path(dora, id), { body: { done: true } });
  const list = await call(h, dora, "GET", `${path(dora)}?priority=2`);
  const { tasks } = taskPageSchema.parse(await list.json());
  expect(tasks).toMatchObject([{ ...body, due: "2126-03-11", occurrence: 2 }]);
});

test("If-Match with an old version changes nothing and answers 412 with the task as it is", async () => {
  const task = await create(anna, { title: "first" });
  const ok = await call(h, anna, "PATCH", path(anna, task.id), {
    body: { title: "second" },
    headers: { "if-match": '"1"' },
  });
  expect([ok.status, ok.headers.get("etag")]).toEqual([200, '"2"']);
  const late = await call(h, anna, "PATCH", path(anna, task.id), {
    body: { title: "third" },
    headers: { "if-match": '"1"' },
  });
  expect([late.status, late.headers.get("etag"), late.headers.get("content-type")]).toEqual([
    412,
    '"2"',
    "application/problem+json",
  ]);
  const problem = problemSchema.loose().parse(await late.json());
  expect(problem).toMatchObject({ code: "precondition_failed", current: { title: "second", version: 2 } });
  const odd = await call(h, anna, "PATCH", path(anna, task.id), { body: { title: "x" }, headers: { "if-match": "1" } });
  expect(odd.status).toBe(400);
});

test("another user's task does not exist under one's own path", async () => {
  const real = await create(ben, { title: "ben's other" });
  const answers = await Promise.all(
    [real.id, "t_000000000000"].map(async (id) => {
      const headers = { "x-request-id": "018f3c1e-7f2a-4b6c-9d10-5a7e3b2c4d6f" };
      const get = await call(h, anna, "GET", path(anna, id), { headers });
      const patch = await call(h, anna, "PATCH", path(anna, id), { body: { title: "taken" }, headers });
      const remove = await call(h, anna, "DELETE", path(anna, id), { headers });
      return Promise.all([get, patch, remove].map(async (response) => [response.status, await response.text()]));
    }),
  );
  expect(answers[0]).toEqual(answers[1]);
  expect(answers[0]?.map(([status]) => status)).toEqual([404, 404, 404]);
  expect((await call(h, ben, "GET", path(ben, real.id))).status).toBe(200);
});

test.each<[string, string, string, RequestInit, number, string]>([
  ["broken JSON", "POST", "", { body: "{" }, 400, "invalid_request"],
  ["a missing title", "POST", "", { body: "{}" }, 400, "invalid_request"],
  ["a day that does not exist", "POST", "", { body: '{"title":"x","due":"2026-02-30"}' }, 400, "invalid_request"],
  ["a time without a day", "POST", "", { body: '{"title":"x","due_time":"17:00"}' }, 400, "invalid_request"],
  [
    "a rule that nobody can read",
    "POST",
    "",
    { body: '{"title":"x","due":"2126-03-04","repeat":"FREQ=HOURLY"}' },
    400,
    "invalid_request",
  ],
  ["a field nobody knows", "POST", "", { body: '{"title":"x","user_id":"y"}' }, 400, "invalid_request"],
  ["a field of a prototype", "POST", "", { body: '{"title":"x","__proto__":{"user_id":"y"}}' }, 400, "invalid_request"],
  [
    "a field of a prototype alone",
    "PATCH",
    "/t_000000000000",
    { body: '{"__proto__":{"title":"y"}}' },
    400,
    "invalid_request",
  ],
  ["an empty patch", "PATCH", "/t_000000000000", { body: "{}" }, 400, "invalid_request"],
  ["a task id of another form", "GET", "/1", {}, 400, "invalid_request"],
  ["a NUL in the task id", "GET", "/t_00000000000%00", {}, 400, "invalid_request"],
  ["a NUL in the search", "GET", "?query=%00", {}, 400, "invalid_request"],
  ["a page too large", "GET", "?limit=101", {}, 400, "invalid_request"],
  ["a made-up cursor", "GET", "?cursor=abc", {}, 400, "invalid_request"],
  ["an unknown filter", "GET", "?owner=me", {}, 400, "invalid_request"],
  ["a filter of a prototype", "GET", "?__proto__=me", {}, 400, "invalid_request"],
  [
    "a form instead of JSON",
    "POST",
    "",
    { body: "title=x", headers: { "content-type": "application/x-www-form-urlencoded" } },
    415,
    "unsupported_media_type",
  ],
  [
    "text instead of JSON",
    "POST",
    "",
    { body: "{}", headers: { "content-type": "text/plain" } },
    415,
    "unsupported_media_type",
  ],
  ["a body too large", "POST", "", { body: `{"title":"${"x".repeat(200_000)}"}` }, 413, "payload_too_large"],
  ["an unknown path", "GET", "/t_000000000000/more", {}, 404, "not_found"],
  ["a method that the path does not have", "POST", "/t_000000000000", { body: "{}" }, 405, "invalid_request"],
])("%s is a problem with a code and a request id", async (_name, method, rest, init, status, code) => {
  const headers = { "content-type": "application/json", ...init.headers, authorization: `Bearer ${anna.token}` };
  const response = await fetch(`${h.url}${path(anna)}${rest}`, { method, ...init, headers });
  const problem = problemSchema.parse(await response.json());
  expect([response.status, problem.code, problem.status]).toEqual([status, code, status]);
  expect(problem.request_id).toBe(response.headers.get("x-request-id"));
});

test("a path that is called with another method names those it has", async () => {
  const response = await call(h, anna, "PUT", path(anna, "t_000000000000"), { body: {} });
  expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, PATCH, DELETE"]);
  expect(problemSchema.parse(await response.json()).detail).toContain("Use GET, PATCH, DELETE");
});

test("a body without a length is refused at the same limit", async () => {
  const piece = new TextEncoder().encode("x".repeat(50_000));
  let pieces = 0;
  const body = new ReadableStream({
    pull: (controller) => (++pieces > 10 ? controller.close() : controller.enqueue(piece)),
  });
  const response = await fetch(`${h.url}${path(anna)}`, {
    method: "POST",
    headers: { authorization: `Bearer ${anna.token}`, "content-type": "application/json" },
    body,
    duplex: "half",
  } as RequestInit);
  expect(response.status).toBe(413);
});

test("only pages of listed origins may call, with a bearer token and never with cookies", async () => {
  const preflight = (origin: string) =>
    fetch(`${h.url}${path(anna)}`, {
      method: "OPTIONS",
      headers: { origin, "access-control-request-method": "POST", "access-control-request-headers": "authorization" },
    });
  const listed = await preflight("https://app.example.com");
  expect(listed.headers.get("access-control-allow-origin")).toBe("https://app.example.com");
  expect(listed.headers.get("access-control-allow-headers")?.toLowerCase()).toContain("authorization");
  expect(listed.headers.get("access-control-allow-credentials")).toBeNull();
  for (const origin of ["https://evil.example.com", "https://app.example.com.evil.example", "null"]) {
    expect((await preflight(origin)).headers.get("access-control-allow-origin")).toBeNull();
  }
  const refused = await call(h, undefined, "GET", "/api/me", { headers: { origin: "https://app.example.com" } });
  expect([refused.status, refused.headers.get("access-control-allow-origin")]).toEqual([
    401,
    "https://app.example.com",
  ]);
});

test("GET /api/me names the user of the token", async () => {
  const response = await call(h, anna, "GET", "/api/me");
  expect(await response.json()).toEqual({ user_id: anna.id, model: { provider: "Demo", name: "demo" } });
});
