import { describe, expect, it } from "vitest";
import { reducePod } from "./summary.ts";

describe("reducePod", () => {
  it("drops the spec and the address of the node", () => {
    const reduced = reducePod({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "p" },
      spec: { x: 1 },
      status: { phase: "Running", podIP: "1.2.3.4", hostIP: "1.2.3.1" },
    } as never);
    expect(reduced).toEqual({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "p" },
      status: { phase: "Running", podIP: "1.2.3.4", conditions: [], containerStatuses: [] },
    });
  });
});
