import { describe, expect, it } from "vitest";
import { fieldText, shownField } from "./shown-values.ts";

const CONTAINER = 'spec.template.spec.containers[name="api"]';
const SECRET = "s3cr3t-value";

describe("a field of a plan", () => {
  it.each<[string, unknown, unknown]>([
    [`${CONTAINER}.env[name="LOG_LEVEL"].value`, SECRET, "b"],
    [`${CONTAINER}.env[name="LOG_LEVEL"].value`, "a", SECRET],
    [`${CONTAINER}.env[name="OPENAI_BASE_URL"].value`, `https://x/?k=${SECRET}`, "https://y"],
    [`${CONTAINER}.env[name="LOG_LEVEL"]`, undefined, { name: "LOG_LEVEL", value: SECRET }],
    [`${CONTAINER}.env[name="LOG_LEVEL"]`, { name: "LOG_LEVEL", value: SECRET }, undefined],
    [`${CONTAINER}.env[name="PORT"]`, undefined, { name: "PORT", value: SECRET }],
    [`${CONTAINER}.env`, undefined, [{ name: "A", value: SECRET }]],
    [CONTAINER, undefined, { name: "api", env: [{ name: "A", value: SECRET }] }],
    ["spec.template", undefined, { metadata: { annotations: { a: SECRET } } }],
    ['metadata.annotations["example.com/a"]', SECRET, undefined],
    ["metadata.annotations.note", "x", SECRET],
    ["metadata.annotations", undefined, { note: SECRET }],
    ['spec.template.metadata.annotations["taskassistant.dev/secrets-checksum"]', SECRET, "b"],
    ["spec.jobTemplate.spec.template.metadata.annotations.note", SECRET, "b"],
  ])("shows no value at %s", (path, from, to) => {
    const shown = shownField({ path, from, to });
    expect(JSON.stringify(shown) + fieldText(shown)).not.toContain(SECRET);
    expect(shown.to).toBe(from === undefined ? "added" : to === undefined ? "removed" : "changed");
  });

  it.each<[string, unknown, unknown, string]>([
    [`${CONTAINER}.image`, "a:1", "a:2", "image: a:1 -> a:2"],
    [`${CONTAINER}.env[name="AGENT_MAX_STEPS"].value`, "8", "4", 'env[name="AGENT_MAX_STEPS"].value: 8 -> 4'],
    ["spec.replicas", 1, 2, "replicas: 1 -> 2"],
    ["spec.template.spec.nodeSelector", undefined, { disk: "ssd" }, 'nodeSelector: {"disk":"ssd"}'],
    ["spec.template.spec.nodeSelector", { disk: "ssd" }, undefined, 'nodeSelector removed ({"disk":"ssd"})'],
    ['metadata.labels["example.com/team"]', "a", "b", 'metadata.labels["example.com/team"]: a -> b'],
    [
      'spec.template.metadata.annotations["taskassistant.dev/restartedAt"]',
      undefined,
      "now",
      'metadata.annotations["taskassistant.dev/restartedAt"]: now',
    ],
  ])("shows what is no secret at %s", (path, from, to, text) => {
    expect(fieldText(shownField({ path, from, to }))).toBe(text);
  });

  it("is one short line, whatever the value holds", () => {
    const { to } = shownField({ path: "spec.a", from: undefined, to: `x\n\u001b[2J${"y".repeat(500)}` });
    expect(to).toMatch(/^x .{100,130}$/);
  });
});
