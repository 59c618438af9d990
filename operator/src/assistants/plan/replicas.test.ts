import { describe, expect, it } from "vitest";
import { kindsAppliedBy, withCredentialsAndVolume } from "../../../test/fixtures/snapshot-fixture.ts";
import type { TaskAssistantStatus } from "../../api/taskassistants/v1alpha1/index.ts";
import type { Plan } from "./plan.ts";

const DEMO = { model: { provider: "Demo" } };

describe("a suspension", () => {
  const planWith = (spec: object, replicas: number, isOwned: boolean, status?: TaskAssistantStatus) => {
    const fixture = withCredentialsAndVolume(spec, status);
    const { api } = fixture.plan().desired!.servers;
    const annotations = isOwned ? { "taskassistant.dev/owns-replicas": "true" } : {};
    fixture.put(api!, {}, { metadata: { ...api!.metadata, annotations }, spec: { ...api!.spec, replicas } });
    return fixture.plan();
  };
  const handover = (made: Plan) =>
    made.apply.find(({ child }) => child.kind === "Deployment" && child.metadata.name === "demo-api")?.handover;
  const migrated = (): TaskAssistantStatus => ({
    database: { migration: withCredentialsAndVolume().plan().desired!.migration!.metadata.name },
  });

  it("lets no migration begin, though the database accepts connections", () => {
    const fixture = withCredentialsAndVolume({ ...DEMO, suspend: true });
    const { database, migration } = fixture.plan().desired!;
    fixture.put(database!, { readyReplicas: 1 });
    const made = fixture.plan();
    expect(made.waiting.get(`Job/${migration!.metadata.name}`)).toEqual({ kind: "resumption" });
    expect(kindsAppliedBy(made)).not.toContain("Job");
  });

  it("saves a count that somebody else set, and keeps it while it lasts", () => {
    expect(planWith({ ...DEMO, suspend: true }, 3, false).suspendedReplicas).toEqual({ api: 3 });
    const saved = { suspendedReplicas: { api: 3 } };
    expect(planWith({ ...DEMO, suspend: true }, 0, true, saved).suspendedReplicas).toEqual({ api: 3 });
  });

  it("hands the saved count back when it ends", () => {
    const made = planWith(DEMO, 0, true, { ...migrated(), suspendedReplicas: { api: 3 } });
    expect(handover(made)).toBe(3);
    expect(made.suspendedReplicas).toEqual({ api: 3 });
  });

  it("discards the saved count once it was handed back", () => {
    const made = planWith(DEMO, 3, false, { ...migrated(), suspendedReplicas: { api: 3 } });
    expect(handover(made)).toBeUndefined();
    expect(made.suspendedReplicas).toBeUndefined();
  });
});

describe("a replica count that the spec gives up", () => {
  const handoverOf = (spec: object, replicas: number) => {
    const migration = withCredentialsAndVolume().plan().desired!.migration!.metadata.name;
    const fixture = withCredentialsAndVolume(spec, { database: { migration } });
    const { api } = fixture.plan().desired!.servers;
    const annotations = { "taskassistant.dev/owns-replicas": "true" };
    fixture.put(api!, {}, { metadata: { ...api!.metadata, annotations }, spec: { ...api!.spec, replicas } });
    return fixture.plan().apply.find(({ child }) => child.kind === "Deployment" && child.metadata.name === "demo-api")
      ?.handover;
  };

  it("is handed over as it is", () => expect(handoverOf(DEMO, 5)).toBe(5));
  it("becomes 1 if it was 0", () => expect(handoverOf(DEMO, 0)).toBe(1));
  it("is not handed over while the spec sets it", () =>
    expect(handoverOf({ ...DEMO, api: { replicas: 2 } }, 5)).toBeUndefined());
});
