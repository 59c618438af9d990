import { type ParamKind, pathOf, type RouteEntry } from "@taskassistant/contracts/routes";
import { EDGE_TEXTS, EDGE_VALUES } from "@taskassistant/kit/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { GUARDED_ROUTES } from "../src/http/routes/index.ts";
import type { Route } from "../src/http/routing/route.ts";
import { call } from "./harness/client.ts";
import { type Harness, startHarness, type TestUser } from "./harness/harness.ts";
import { says } from "./harness/model-scripts.ts";

const AT_A_TIME = 10;
let h: Harness;
let anna: TestUser;
let existing: Record<ParamKind, string>;

beforeAll(async () => {
  h = await startHarness({ agent: { maxRunsPerUser: 100 } });
  h.model.respond = () => [says("done")];
  anna = await h.user("anna");
  const task = await call(h, anna, "POST", `/api/${anna.id}/tasks`, { body: { title: "exists" } });
  const chat = await call(h, anna, "POST", "/api/chat", {
    body: { message: "hello" },
    headers: { accept: "application/json" },
  });
  const { id } = (await task.json()) as { id: string };
  const { conversation_id } = (await chat.json()) as { conversation_id: string };
  const idOf = async (answer: Response) => ((await answer.json()) as { id: string }).id;
  const project = await idOf(await call(h, anna, "POST", `/api/${anna.id}/projects`, { body: { name: "Garden" } }));
  const tag = await idOf(await call(h, anna, "POST", `/api/${anna.id}/tags`, { body: { name: "calls" } }));
  existing = { user: anna.id, task: id, project, tag, conversation: conversation_id };
});
afterAll(() => h.close());

interface Attempt {
  readonly place: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

/** The names of an object schema's fields. */
function fieldsOf(schema: z.ZodType | undefined): string[] {
  if (schema === undefined) return [];
  const { properties = {} } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return Object.keys(properties);
}

/** Requests to the route with one value replaced: each parameter of the path and the query, each header and field. */
function attemptsOn({ entry, doc }: Route): Attempt[] {
  const route: RouteEntry = entry;
  const params = Object.fromEntries(Object.entries(route.params).map(([name, kind]) => [name, existing[kind]]));
  const path = pathOf(route, params);
  const example = route.body?.example;
  const body = example === undefined ? {} : { body: example };
  const headers = [...Object.keys(doc.headers ?? {}), "X-Request-Id"];
  return [
    ...Object.keys(params).flatMap((name) =>
      EDGE_TEXTS.map((text) => ({ place: name, path: pathOf(route, { ...params, [name]: encodable(text) }), ...body })),
    ),
    ...fieldsOf(doc.query).flatMap((name) =>
      EDGE_TEXTS.map((text) => ({ place: name, path: `${path}?${new URLSearchParams({ [name]: text })}`, ...body })),
    ),
    ...headers.flatMap((name) =>
      EDGE_TEXTS.filter((text) => /^[\x20-\x7e\xa0-\xff]*$/.test(text)).map((text) => ({
        place: name,
        path,
        headers: { accept: "application/json", [name]: text },
        ...body,
      })),
    ),
    ...fieldsOf(doc.body).flatMap((name) =>
      EDGE_VALUES.map((value) => ({ place: name, path, body: { ...example, [name]: value } })),
    ),
  ];
}

/** A lone surrogate has no form in a URL. */
function encodable(text: string): string {
  return text.toWellFormed();
}

async function answer({ method }: RouteEntry, { path, headers, body }: Attempt): Promise<Response> {
  const given = body === undefined ? {} : { body: JSON.stringify(body) };
  const request = new Request(`${h.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${anna.token}`,
      "content-type": "application/json",
      accept: "application/json",
      ...headers,
    },
    ...given,
  });
  return h.api.fetch(request);
}

test.each(Object.entries(GUARDED_ROUTES))(
  "%s answers every edge value without an error of the server",
  async (_id, route) => {
    const attempts = attemptsOn(route);
    expect(attempts.length).toBeGreaterThan(20);
    const wrong: string[] = [];
    for (let start = 0; start < attempts.length; start += AT_A_TIME) {
      const answers = attempts.slice(start, start + AT_A_TIME).map(async (attempt) => {
        const response = await answer(route.entry, attempt);
        const text = await response.text();
        if (response.status >= 500)
          wrong.push(`${attempt.place}: ${JSON.stringify(attempt)} ${response.status} ${text}`);
      });
      await Promise.all(answers);
    }
    expect(wrong).toEqual([]);
  },
  60_000,
);
