import { expect, test } from "vitest";
import { renderOpenApi } from "../app.ts";

const document = JSON.parse(renderOpenApi()) as {
  paths: Record<string, Record<string, { responses: Record<string, unknown>; requestBody?: unknown }>>;
  components: { schemas: Record<string, { properties?: Record<string, unknown>; required?: string[] }> };
};

test("the surface is the agreed one", () => {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((m) => `${m} ${path}`),
  );
  expect(operations.sort()).toEqual([
    "delete /api/conversations/{id}",
    "delete /api/{user_id}/tasks/{id}",
    "get /api/conversations",
    "get /api/conversations/{id}",
    "get /api/me",
    "get /api/{user_id}/tasks",
    "get /api/{user_id}/tasks/{id}",
    "patch /api/{user_id}/tasks/{id}",
    "post /api/chat",
    "post /api/{user_id}/tasks",
  ]);
});

test("every reference leads to a schema and every schema is used", () => {
  const references = new Set(
    [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map((match) => match[1]),
  );
  expect([...references].sort()).toEqual(Object.keys(document.components.schemas).sort());
});

test("what is sent has optional fields where defaults stand in; what is answered has them all", () => {
  expect(document.components.schemas.NewTask?.required).toEqual(["title"]);
  expect(document.components.schemas.ChatRequest?.required).toEqual(["message"]);
  expect(document.components.schemas.Task?.required).toContain("notes");
});

test("every operation says that it may answer 401, 403 and 503", () => {
  for (const methods of Object.values(document.paths)) {
    for (const operation of Object.values(methods))
      expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(["401", "403", "503"]));
  }
});
