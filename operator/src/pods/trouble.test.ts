import { describe, expect, it } from "vitest";
import type { PodSummary } from "./summary.ts";
import { lastFailure, podTrouble, SCHEDULING_GRACE_MS } from "./trouble.ts";

const NOW = new Date("2026-01-01T01:00:00Z");

function pod(name: string, status: Partial<PodSummary["status"]>, metadata: object = {}): PodSummary {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "team", creationTimestamp: "2026-01-01T00:00:00Z", ...metadata },
    status: { conditions: [], containerStatuses: [], ...status },
  };
}

const crashing = (message: string, restartCount = 3) =>
  pod("p", {
    containerStatuses: [
      {
        name: "api",
        ready: false,
        restartCount,
        state: { waiting: { reason: "CrashLoopBackOff" } },
        lastState: { terminated: { exitCode: 1, message } },
      },
    ],
  });

describe("the trouble of pods", () => {
  it("is none for pods that run, start or terminate", () => {
    const waiting = (reason: string) => ({ containerStatuses: [{ name: "a", state: { waiting: { reason } } }] });
    expect(podTrouble([pod("a", {}), pod("b", waiting("ContainerCreating"))], NOW)).toBeUndefined();
    expect(podTrouble([pod("c", waiting("ErrImagePull"), { deletionTimestamp: "now" })], NOW)).toBeUndefined();
    const once = pod("d", {
      containerStatuses: [{ name: "a", ready: false, restartCount: 1, lastState: { terminated: { exitCode: 1 } } }],
    });
    expect(podTrouble([once], NOW)).toBeUndefined();
  });

  it("quotes what a crashing container said last and names the command that shows more", () => {
    expect(podTrouble([crashing("The environment has 1 problem:\n  API_URL: is missing\n")], NOW)).toEqual({
      reason: "CrashLooping",
      message:
        "Pod p has crashed 3 times, last with exit code 1: The environment has 1 problem: API_URL: is missing. Next: kubectl -n team logs p --previous",
    });
  });

  it("describes an image that can't be pulled in the same words while the kubelet retries and while it waits", () => {
    const waiting = (reason: string, message: string) =>
      podTrouble(
        [pod("p", { containerStatuses: [{ name: "a", image: "r/i:1", state: { waiting: { reason, message } } }] })],
        NOW,
      )?.message;
    const cause = 'failed to resolve reference "r/i:1": denied';
    const told = `Image r/i:1 can't be pulled: ${cause}. Next: kubectl -n team describe pod p`;
    expect(waiting("ErrImagePull", cause)).toBe(told);
    expect(waiting("ImagePullBackOff", `Back-off pulling image "r/i:1": ErrImagePull: ${cause}`)).toBe(told);
    expect(waiting("InvalidImageName", "couldn't parse")).toContain(
      "can't be pulled (InvalidImageName): couldn't parse",
    );
  });

  it("keeps the end of a long message", () => {
    const message = podTrouble([crashing(`${"x".repeat(5000)} the cause`)], NOW)?.message ?? "";
    expect(message).toContain("the cause");
    expect(message.length).toBeLessThan(700);
  });

  it("waits a moment before it calls a pod unschedulable", () => {
    const homeless = (creationTimestamp: string) =>
      pod(
        "p",
        { conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/1 nodes." }] },
        { creationTimestamp },
      );
    const young = new Date(NOW.getTime() - SCHEDULING_GRACE_MS + 1).toISOString();
    expect(podTrouble([homeless(young)], NOW)).toBeUndefined();
    expect(podTrouble([homeless("2026-01-01T00:59:00Z")], NOW)?.reason).toBe("Unschedulable");
  });

  it("is that of the newest pod if several have some", () => {
    const older = pod("old", {
      containerStatuses: [{ name: "a", image: "i", state: { waiting: { reason: "ErrImagePull", message: "m" } } }],
    });
    const newer = {
      ...crashing("boom"),
      metadata: { name: "new", namespace: "team", creationTimestamp: "2026-01-01T00:30:00Z" },
    };
    expect(podTrouble([older, newer], NOW)?.reason).toBe("CrashLooping");
  });
});

describe("the last failure", () => {
  it("is the last message of the newest failed container", () => {
    const failed = (message: string, finishedAt: string) =>
      pod("x", {
        containerStatuses: [{ name: "migrate", state: { terminated: { exitCode: 1, message, finishedAt } } }],
      });
    expect(lastFailure([failed("new", "2026-01-01T00:02:00Z"), failed("old", "2026-01-01T00:01:00Z")])).toBe("new");
    expect(
      lastFailure([pod("ok", { containerStatuses: [{ name: "m", state: { terminated: { exitCode: 0 } } }] })]),
    ).toBeUndefined();
  });
});
