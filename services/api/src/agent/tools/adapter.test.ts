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

test("injected properties are taken out at every depth, from the required ones too, and nothing else is", () => {
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

test("the value comes from the token, and the arguments shown do not have it", () => {
  const prepared = adapterOf({ properties: { user_id: injected, title: { type: "string" } } }).prepare(
    "act",
    '{"title":"x"}',
  );
  expect(prepared).toMatchObject({ kind: "ready", args: { title: "x", user_id: USER } });
  expect(prepared.input).toEqual({ title: "x" });
});

test("arguments are checked against the schema as published, the injected ones included", () => {
  const adapter = adapterOf({ properties: { user_id: { ...injected, maxLength: 3 } } });
  expect(adapter.prepare("act", "{}")).toMatchObject({ kind: "refused", error: expect.stringContaining("user_id") });
});

test("a property of the same meaning but not marked is the model's to fill", () => {
  const adapter = adapterOf({ properties: { user_id: { type: "string" } } });
  expect(adapter.prepare("act", '{"user_id":"x"}')).toMatchObject({ kind: "ready", args: { user_id: "x" } });
});

test("an injected value nobody knows keeps the tool from being offered", () => {
  expect(() => adapterOf({ properties: { tenant: { type: "string", "x-injected": "org" } } })).toThrow(/org/);
});

test.each(["", "  ", "{}"])("%j are no arguments", (text) => {
  expect(adapterOf({ properties: {} }).prepare("act", text)).toMatchObject({ kind: "ready", args: {} });
});
