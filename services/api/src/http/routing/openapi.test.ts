import { ROUTES } from "@taskassistant/contracts/routes";
import { expect, test } from "vitest";
import { renderOpenApi } from "../app.ts";
import { GUARDED_ROUTES } from "../routes/index.ts";

const document = JSON.parse(renderOpenApi()) as {
  paths: Record<string, Record<string, { responses: Record<string, unknown>; requestBody?: unknown }>>;
  components: { schemas: Record<string, { properties?: Record<string, unknown>; required?: string[] }> };
};

test("the document lists every route of the table that needs a token, and nothing else", () => {
  const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const guarded = Object.values(ROUTES).filter((route) => route.scope !== null);
  expect(documented.sort()).toEqual(guarded.map(({ method, path }) => `${method} ${path}`).sort());
});

test("a route has a schema of its body exactly if the table says that it takes one", () => {
  const withSchema = Object.entries(GUARDED_ROUTES).filter(([, route]) => route.doc.body !== undefined);
  const withBody = Object.entries(GUARDED_ROUTES).filter(([, route]) => route.entry.body !== undefined);
  expect(withSchema.map(([id]) => id)).toEqual(withBody.map(([id]) => id));
});

test.each(Object.entries(GUARDED_ROUTES))("%s accepts the example of its body", (_id, { entry, doc }) => {
  expect(doc.body?.safeParse(entry.body?.example).error).toBeUndefined();
});

test("every reference leads to a schema, and every schema is used", () => {
  const references = new Set(
    [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map((match) => match[1]),
  );
  expect([...references].sort()).toEqual(Object.keys(document.components.schemas).sort());
});

test("fields with defaults are optional in requests and required in answers", () => {
  expect(document.components.schemas.NewTask?.required).toEqual(["title"]);
  expect(document.components.schemas.ChatRequest?.required).toEqual(["message"]);
  expect(document.components.schemas.Task?.required).toContain("notes");
});

test("every operation documents 401, 403 and 503", () => {
  for (const methods of Object.values(document.paths)) {
    for (const operation of Object.values(methods))
      expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(["401", "403", "503"]));
  }
});
