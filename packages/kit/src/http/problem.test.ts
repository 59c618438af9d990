import { problemSchema } from "@taskassistant/contracts";
import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { expect, it } from "vitest";
import { BodyCutError } from "../fetch/index.ts";
import { createLogger } from "../process/logger.ts";
import { notFoundProblem, ProblemError, problemHandler, problemResponse } from "./problem.ts";
import { accessLog, requestId } from "./request-id.ts";

class DomainError extends Error {}

function createApp() {
  const lines: string[] = [];
  const log = createLogger({ name: "test", destination: { write: (line) => lines.push(line) } });
  const app = new Hono();
  app.use(requestId(), accessLog(log));
  app.get("/fine", (c) => c.text(c.get("requestId")));
  app.get("/problem", () => {
    throw new ProblemError("invalid_request", "Send a title.", {
      headers: { "retry-after": "3" },
      errors: [{ path: "title", message: "is empty" }],
    });
  });
  app.get("/domain", () => {
    throw new DomainError();
  });
  app.get("/hono", () => {
    throw new HTTPException(413, { message: "too much" });
  });
  app.get("/cut", () => {
    throw new BodyCutError(new Error("aborted"));
  });
  app.get("/bug", () => {
    throw new Error("password of the database");
  });
  const translate = (error: unknown) =>
    error instanceof DomainError ? new ProblemError("not_found", "No such task.") : undefined;
  app.onError(problemHandler(log, translate));
  app.notFound(notFoundProblem);
  return { app, lines };
}

it("adds further members to the body, and none takes the place of ours", async () => {
  const problem = new ProblemError("conflict", "Changed.", { extensions: { current: { version: 2 }, status: 200 } });
  expect(await problemResponse(problem, "r").json()).toMatchObject({ status: 409, current: { version: 2 } });
});

it("answers a ProblemError as problem+json with its headers and the request id", async () => {
  const response = await createApp().app.request("/problem", {
    headers: { "x-request-id": "018f3c1e-7f2a-4b6c-9d10-5a7e3b2c4d6f" },
  });
  expect(response.status).toBe(400);
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  expect(response.headers.get("retry-after")).toBe("3");
  expect(response.headers.get("x-request-id")).toBe("018f3c1e-7f2a-4b6c-9d10-5a7e3b2c4d6f");
  expect(problemSchema.parse(await response.json())).toEqual({
    type: "urn:taskassistant:problem:invalid_request",
    title: "Bad Request",
    status: 400,
    code: "invalid_request",
    detail: "Send a title.",
    request_id: "018f3c1e-7f2a-4b6c-9d10-5a7e3b2c4d6f",
    errors: [{ path: "title", message: "is empty" }],
  });
});

it.each([
  ["/domain", 404, "not_found"],
  ["/hono", 413, "payload_too_large"],
  ["/nothing", 404, "not_found"],
  ["/cut", 400, "invalid_request"],
  ["/bug", 500, "internal"],
])("answers %s with %i %s", async (path, status, code) => {
  const response = await createApp().app.request(path);
  expect(response.status).toBe(status);
  expect(problemSchema.parse(await response.json())).toMatchObject({ status, code });
});

it("logs an unexpected error with its stack and tells the caller nothing of it", async () => {
  const { app, lines } = createApp();
  const text = await (await app.request("/bug")).text();
  expect(text).not.toContain("password");
  const line = lines.map((entry) => JSON.parse(entry)).find((entry) => entry.level === "error");
  expect(line).toMatchObject({
    request_id: JSON.parse(text).request_id,
    path: "/bug",
    err: { message: "password of the database" },
  });
});

it("logs no failure when a client goes away with half of its body sent", async () => {
  const { app, lines } = createApp();
  await app.request("/cut");
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual(["request"]);
});

it("makes a request id when there is none or a strange one", async () => {
  const { app } = createApp();
  for (const headers of [{}, { "x-request-id": "a b\tc" }, { "x-request-id": "x".repeat(200) }]) {
    const response = await app.request("/fine", { headers });
    const id = response.headers.get("x-request-id");
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(await response.text()).toBe(id);
  }
});

it("logs each request without its query", async () => {
  const { app, lines } = createApp();
  await app.request("/fine?token=s3cr3t");
  expect(JSON.parse(lines[0]!)).toMatchObject({ method: "GET", path: "/fine", status: 200, msg: "request" });
  expect(lines[0]).not.toContain("s3cr3t");
});

it.each(["018f3c1e-7f2a-4b6c-9d10-5a7e3b2c4d6f", "4bf92f3577b34da6a3ce929d0e0e4736", "01J9ZC3V8K5W7Q2M4N6P8R0T1X"])(
  "takes over the request id %s, which has the form of one",
  async (id) => {
    const response = await createApp().app.request("/fine", { headers: { "x-request-id": id } });
    expect(await response.text()).toBe(id);
  },
);

it.each(["user-anna-deleted-everything", "sk-proj-0123456789abcdef", "anna@example.org", "a", "x".repeat(64), "<b>"])(
  "gives a request that calls itself %s an id of its own",
  async (id) => {
    const response = await createApp().app.request("/fine", { headers: { "x-request-id": id } });
    expect(await response.text()).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  },
);
