import { describe, expect, it } from "vitest";
import { snapshotFixture } from "../../../../test/fixtures/snapshot-fixture.ts";

const DEMO = { model: { provider: "Demo" } };
const REFUSED = { kind: "refused", object: "Deployment demo-api", message: "exceeded quota: small, used: 1" } as const;
const FAILED = { kind: "failed", object: "Deployment demo-api", message: "etcdserver: request timed out" } as const;

/** Everything exists, and every pod is ready. */
function complete(spec?: object) {
  const fixture = snapshotFixture(spec);
  fixture.putCredentials();
  fixture.putVolume();
  fixture.putMigratedDatabase();
  fixture.putServers();
  return fixture;
}

describe("a message", () => {
  it("has no control characters of the text that it quotes", () => {
    const problem = { ...REFUSED, message: "denied:\u001b[31m red\u202e" } as const;
    const message = snapshotFixture().finding("Stalled", { problems: [problem] })?.message;
    expect(message).toContain("denied: [31m red ");
  });

  it("is shorter than the status may hold, however much a server says", () => {
    const problem = { ...REFUSED, message: "denied ".repeat(1_000) } as const;
    const { message = "" } = snapshotFixture().finding("Stalled", { problems: [problem] }) ?? {};
    expect(message).toMatch(/^Deployment demo-api: denied .*\.\.\.$/);
    // `maxLength` in the definition.
    expect(message.length).toBeLessThanOrEqual(4_096);
  });
});

describe("Accepted", () => {
  it("names the variables that the pods don't get", () => {
    const env = [{ name: "https_proxy", value: "http://proxy.example" }];
    expect(complete({ ...DEMO, mcp: { env } }).finding("Accepted")).toMatchObject({
      status: "True",
      message: expect.stringMatching(/ https_proxy of spec\.mcp\.env is left out: it would send .* through a proxy\.$/),
    });
  });
});

describe("Ready", () => {
  it("is True when every part is and the probe succeeds", () => {
    expect(complete().finding("Ready", { probe: {} })).toMatchObject({
      status: "True",
      message: "Open http://localhost:3000",
    });
  });

  it("repeats the first part that is not True", () => {
    expect(snapshotFixture().finding("Ready")).toMatchObject({
      status: "False",
      reason: "Waiting",
      message: "demo-db is waiting for key admin-password of Secret demo-database.",
    });
  });

  it.each([
    [
      "what only a person can do before a suspension",
      snapshotFixture({ ...DEMO, suspend: true, auth: { secretRef: { name: "mine" } } }),
      {},
      "SecretNotFound",
    ],
    [
      "a suspension before a refused object",
      complete({ ...DEMO, suspend: true }),
      { problems: [REFUSED] },
      "Suspended",
    ],
    ["a refused object before a part that is not True", snapshotFixture(), { problems: [REFUSED] }, "ApplyRefused"],
    ["a write that failed before a part that is not True", snapshotFixture(), { problems: [FAILED] }, "ApplyFailed"],
    [
      "a contested object before a failed probe",
      complete(),
      {
        problems: [{ kind: "contested", contest: { object: "o", manager: "m", fields: ["f"] } } as const],
        probe: { frontend: "no page." },
      },
      "FieldConflict",
    ],
    ["a failed probe when nothing else is wrong", complete(), { probe: { frontend: "no page." } }, "ProbeFailed"],
  ])("names %s", (_what, fixture, given, reason) => {
    expect(fixture.finding("Ready", given)?.reason).toBe(reason);
  });

  it("stays True when a write fails while people can use everything, which Reconciling reports", () => {
    const given = { problems: [FAILED], probe: {} };
    expect(complete().finding("Ready", given)?.status).toBe("True");
    expect(complete().finding("Stalled", given)?.status).toBe("False");
    expect(complete().finding("Reconciling", given)).toMatchObject({
      status: "True",
      reason: "ApplyFailed",
      message: "Deployment demo-api: etcdserver: request timed out. The operator tries again every ten seconds.",
    });
  });

  it("is decided without a probe where probes are disabled", () => {
    expect(complete().finding("Ready", { probe: "disabled" })?.status).toBe("True");
  });
});

describe("Stalled", () => {
  it("is False while the operator only waits for itself", () => {
    expect(snapshotFixture().finding("Stalled")?.status).toBe("False");
  });

  it("quotes what the API server refuses, with the next command", () => {
    expect(complete().finding("Stalled", { problems: [REFUSED] })).toMatchObject({
      reason: "ApplyRefused",
      message:
        "Deployment demo-api: exceeded quota: small, used: 1. Next: kubectl -n team describe resourcequota small, then raise the quota, or lower resources or replicas.",
    });
  });

  it("names three refused objects and counts the others, with one command for one cause", () => {
    const problems = [1, 2, 3, 4, 5].map((each) => ({ ...REFUSED, object: `Service demo-${each}` }));
    const message = complete().finding("Stalled", { problems })?.message ?? "";
    expect(message).toContain("Service demo-3: exceeded quota");
    expect(message).not.toContain("Service demo-4");
    expect(message).toContain("And 2 more.");
    expect(message.match(/Next: /g)).toHaveLength(1);
  });

  it("names the program that keeps changing a field", () => {
    const contest = { object: "Deployment team/demo-api", manager: "kubectl", fields: [".spec.replicas"] };
    expect(complete().finding("Stalled", { problems: [{ kind: "contested", contest }] })).toMatchObject({
      reason: "FieldConflict",
      message: expect.stringMatching(/^"kubectl" keeps changing .spec.replicas of Deployment team\/demo-api, /),
    });
  });

  it("repeats the condition that only a person can change", () => {
    const fixture = snapshotFixture({ ...DEMO, auth: { secretRef: { name: "mine" } } });
    expect(fixture.finding("Stalled")).toMatchObject({
      reason: "UserActionNeeded",
      message: expect.stringMatching(/^Accepted: Secret mine \(key secret\), named by spec\.auth\.secretRef, /),
    });
  });
});

describe("Accepted", () => {
  it("tells an object of somebody else from one of ours", () => {
    const found = complete().finding("Accepted", { problems: [{ kind: "nameTaken", object: "Service demo-api" }] });
    expect(found).toMatchObject({
      reason: "NameConflict",
      message:
        "Service demo-api already exists and does not belong to this TaskAssistant. Remove it, or choose another name for the TaskAssistant.",
    });
  });
});

describe("a field with a text that can't be used", () => {
  it.each([
    ["{top_p: 1}", "it is not JSON"],
    ["[1]", "it is not a JSON object"],
    ['{"a":{"model":1},"m\\u006fdel":"x"}', "it can't set model"],
  ])("is named: %s", (extraBody, problem) => {
    const fixture = snapshotFixture({ model: { provider: "OpenAICompatible", name: "m", extraBody } });
    expect(fixture.finding("Accepted")).toMatchObject({
      reason: "InvalidField",
      message: `spec.model.extraBody can't be used: ${problem}.`,
    });
  });
});

describe("DatabaseReady", () => {
  it("names the credential that is lost, and both ways out", () => {
    const fixture = complete();
    fixture.putSecret("demo-database", "admin-password", "auth-password", "instance-id");
    expect(fixture.finding("DatabaseReady")?.message).toBe(
      "Secret demo-database has no app-password, and the existing data can't be read without it. Restore it from your backup: kubectl -n team apply -f SECRET.yaml. Or give up the data and start over: kubectl -n team delete ta demo; kubectl -n team delete pvc demo-db-data; kubectl -n team delete secret demo-database demo-auth --ignore-not-found; then create the TaskAssistant again.",
    );
  });
});

describe("Exposed", () => {
  const message = (trustedProxies?: string[]) => {
    const exposure = { type: "Ingress", host: "a.example", ...(trustedProxies && { trustedProxies }) };
    const fixture = snapshotFixture({ ...DEMO, exposure });
    for (const child of fixture.plan().desired!.foundation) fixture.put(child);
    return fixture.finding("Exposed")?.message;
  };

  it("explains the shared limit of sign-in attempts while an Ingress has no trusted proxies", () => {
    expect(message()).toContain("until spec.exposure.trustedProxies names");
  });

  it("has no more to say once the proxies are named", () => {
    expect(message(["10.244.0.0/16"])).toBe("Ingress demo routes http://a.example to the web application.");
  });
});

describe("a rollout", () => {
  const rolling = (availableReplicas: number) => {
    const fixture = complete();
    fixture.putServers({
      observedGeneration: 1,
      replicas: 2,
      readyReplicas: availableReplicas,
      updatedReplicas: 1,
      availableReplicas,
    });
    return (type: string) => fixture.finding(type, { probe: "disabled" });
  };

  it("during which old pods serve is reported as progress only", () => {
    const finding = rolling(1);
    expect(finding("Ready")?.status).toBe("True");
    expect(finding("ApiAvailable")?.status).toBe("True");
    expect(finding("Reconciling")).toMatchObject({
      status: "True",
      message: "demo-frontend: 1 of 1 pods ready, 1 up to date.",
    });
  });

  it("that the controller has not begun yet is in progress, though all pods of the old spec are ready", () => {
    const fixture = complete();
    fixture.putServers({
      observedGeneration: 0,
      replicas: 1,
      readyReplicas: 1,
      updatedReplicas: 1,
      availableReplicas: 1,
    });
    expect(fixture.finding("Reconciling", { probe: "disabled" })?.status).toBe("True");
    expect(complete().finding("Reconciling", { probe: "disabled" })?.status).toBe("False");
  });

  it("without a pod that serves makes the resource not Ready", () => {
    const finding = rolling(0);
    expect(finding("Ready")?.reason).toBe("RollingOut");
    expect(finding("ApiAvailable")?.reason).toBe("RollingOut");
    expect(finding("Reconciling")?.status).toBe("True");
  });
});
