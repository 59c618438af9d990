import { describe, expect, test } from "vitest";
import { createRouteFinder, methodsOf, namesUser, pathOf, patternOf, ROUTES, type RouteEntry } from "./index.ts";

const routes: [string, RouteEntry][] = Object.entries(ROUTES);
const namesIn = (path: string) => [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);

describe("the table of routes", () => {
  test.each(routes)("%s says what each parameter of its path names", (_id, route) => {
    expect(namesIn(route.path)).toEqual(Object.keys(route.params));
  });

  test("no two routes have the same method and path", () => {
    const surface = routes.map(([, { method, path }]) => `${method} ${path}`);
    expect(new Set(surface).size).toBe(surface.length);
  });

  test.each(routes)("%s asks for the scope of its method: reading to read, writing to change", (_id, route) => {
    if (route.scope !== null) expect(route.scope).toBe(route.method === "GET" ? "tasks:read" : "tasks:write");
  });

  test.each(routes)("%s takes a body only if its method may send one, and a patch always", (_id, route) => {
    if (route.method === "PATCH") expect(route.body).toBeDefined();
    else if (route.method !== "POST") expect(route.body).toBeUndefined();
  });

  test("only the health and the description of the API are open to everybody", () => {
    expect(routes.filter(([, route]) => route.scope === null).map(([id]) => id)).toEqual(["getHealth", "getOpenApi"]);
  });

  test("the user in a path is called user_id, and no other parameter is", () => {
    for (const [id, { params }] of routes) {
      for (const [name, kind] of Object.entries(params)) expect(kind === "user", id).toBe(name === "user_id");
    }
    expect(routes.filter(([, route]) => namesUser(route)).length).toBeGreaterThan(4);
  });
});

describe("the path of a route", () => {
  test("has the values in their places", () => {
    expect(pathOf(ROUTES.getMe, {})).toBe("/api/me");
    expect(pathOf(ROUTES.getTask, { user_id: "ann", id: "t_1" })).toBe("/api/ann/tasks/t_1");
  });

  test("can't be left through a value", () => {
    expect(pathOf(ROUTES.getConversation, { id: "../me?x#y" })).toBe("/api/conversations/..%2Fme%3Fx%23y");
  });
});

describe("finding routes by path", () => {
  const find = createRouteFinder();
  const methods = (path: string) => methodsOf(find(path));

  test("finds every route by its own path", () => {
    for (const [id, route] of routes) {
      const values = Object.fromEntries(Object.keys(route.params).map((name) => [name, "AbC_1-9"]));
      expect(find(pathOf(route, values)), id).toContain(route);
    }
  });

  test("gives all methods of a path", () => {
    expect(methods("/api/chat")).toEqual(["POST"]);
    expect(methods("/api/ann/tasks")).toEqual(["GET", "POST"]);
    expect(methods("/api/ann/tasks/t_1")).toEqual(["GET", "PATCH", "DELETE"]);
    expect(methods("/api/openapi.json")).toEqual(["GET"]);
  });

  test.each([
    "/api",
    "/api/",
    "/api/admin",
    "/api/me/",
    "/api//me",
    "//api/me",
    "/API/me",
    "/api/me;a=b",
    "/api/me%00",
    "/api/openapixjson",
    "/api/x/tasks/a/b",
    "/api/x/tasks/..",
    "/api/x/tasks/%2e%2e",
    "/api/x/tasks/t_1\n",
    `/api/x/tasks/${"x".repeat(65)}`,
  ])("finds nothing at %j", (path) => {
    expect(methods(path)).toEqual([]);
  });

  test("a pattern treats the rest of its path literally", () => {
    expect(patternOf(ROUTES.getOpenApi).test("/api/openapi.json")).toBe(true);
    expect(patternOf(ROUTES.getOpenApi).test("/api/openapi-json")).toBe(false);
  });
});
