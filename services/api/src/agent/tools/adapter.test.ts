import { expect, test } from "vitest";
import type { McpTool } from "../../mcp/port.ts";
import { createSchemaValidator } from "../../mcp/schema-validator.ts";
import { createToolAdapter } from "./adapter.ts";

const USER = "u".repeat(32);
const adapterOf = (inputSchema: Record<string, unknown>) => {
  const tool: McpTool = {
    name: "act",
    description: "Acts.",
    inputSchema: { type: "object", ...inputSchema },
    readOnly: false,
  };
  return createToolAdapter({ tools: [tool], injected: { sub: USER }, validator: createSchemaValidator() });
};
const injected = { type: "string", "x-injected": "sub" };

test("injected properties are removed at every depth and from the required ones, and nothing else is removed", () => {
  const { tools } = adapterOf({
    properties: {
      user_id: injected,
      title: { type: "string" },
      inner: { type: "object", properties: { owner: injected, kept: { type: "number" } }, required: ["owner", "kept"] },
      list: {
        type: "array",
        items: { anyOf: [{ type: "object", properties: { user_id: injected } }, { type: "null" }] },
      },
    },
    required: ["user_id", "title"],
    additionalProperties: false,
  });
  expect(tools[0]?.parameters).toEqual({
    type: "object",
    properties: {
      title: { type: "string" },
      inner: { type: "object", properties: { kept: { type: "number" } }, required: ["kept"] },
      list: { type: "array", items: { anyOf: [{ type: "object", properties: {} }, { type: "null" }] } },
    },
    required: ["title"],
    additionalProperties: false,
  });
});

test("the injected value comes from the token and is not among the arguments shown", () => {
  const prepared = adapterOf({ properties: { user_id: injected, title: { type: "string" } } }).prepare(
    "act",
    '{"title":"x"}',
  );
  expect(prepared).toMatchObject({ kind: "ready", args: { title: "x", user_id: USER } });
  expect(prepared.input).toEqual({ title: "x" });
});

test("arguments are checked against the published schema, the injected ones included", () => {
  const adapter = adapterOf({ properties: { user_id: { ...injected, maxLength: 3 } } });
  expect(adapter.prepare("act", "{}")).toMatchObject({ kind: "refused", error: expect.stringContaining("user_id") });
});

test("the model may fill a property that is named alike but not marked as injected", () => {
  const adapter = adapterOf({ properties: { user_id: { type: "string" } } });
  expect(adapter.prepare("act", '{"user_id":"x"}')).toMatchObject({ kind: "ready", args: { user_id: "x" } });
});

test("a tool that needs an unknown injected value is an error", () => {
  expect(() => adapterOf({ properties: { tenant: { type: "string", "x-injected": "org" } } })).toThrow(/org/);
});

test.each(["", "  ", "{}"])("the text %j counts as no arguments", (text) => {
  expect(adapterOf({ properties: {} }).prepare("act", text)).toMatchObject({ kind: "ready", args: {} });
});
