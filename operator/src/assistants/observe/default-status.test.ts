import { expect, it } from "vitest";
import { assistant, definition } from "../../../test/fixtures/assistant-fixture.ts";
import type { TaskAssistantStatus } from "../../api/taskassistants/v1alpha1/index.ts";
import { withoutDefaultStatus } from "./default-status.ts";

const status: TaskAssistantStatus = definition.spec.versions[0].schema.openAPIV3Schema.properties.status.default;

it("the status that the definition gives a new resource counts as none, and what an operator stored stays", () => {
  const resource = assistant();
  expect(status.conditions?.map(({ type, status: is }) => `${type} ${is}`)).toEqual([
    "Ready Unknown",
    "Reconciling True",
  ]);
  expect(withoutDefaultStatus({ ...resource, status })).toEqual(resource);
  const stored = { suspendedReplicas: { api: 3 } };
  expect(withoutDefaultStatus({ ...resource, status: { ...status, ...stored } }).status).toEqual(stored);
  const reported = { ...resource, status: { ...status, observedGeneration: 1 } };
  expect(withoutDefaultStatus(reported)).toBe(reported);
});
