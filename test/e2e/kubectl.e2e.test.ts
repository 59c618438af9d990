import { freePorts } from "@taskassistant/cluster/machine";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Assistant, bringUp, cluster, eventually, example, NAMESPACES } from "./harness/cluster/assistants.ts";
import { auditOf, isWrite, OPERATOR, tally } from "./harness/cluster/audit.ts";
import { settled, waitCondition } from "./harness/cluster/conditions.ts";
import { find, type Live, list } from "./harness/cluster/objects.ts";
import { emptied } from "./harness/cluster/tidy.ts";
import { withTypedForward } from "./harness/cluster/typed-forward.ts";
import { type Person, request, signUp } from "./harness/people/people.ts";
import { reach, type Work, workOf } from "./harness/people/work.ts";

/** The assistant as somebody with nothing but kubectl meets it. */

const NS = NAMESPACES.kubectl;
const TIERS = ["frontend", "api", "mcp", "model", "db"] as const;
const DEPLOYMENTS = ["demo-api", "demo-frontend", "demo-mcp", "demo-model"];

let assistant: Assistant;
let person: Person;
let work: Work;
let applied: Date;

beforeAll(async () => {
  await emptied(NS);
  applied = new Date();
  assistant = await bringUp(NS, example("demo.yaml"), 300);
  person = await signUp(assistant.url, "Kay");
  work = workOf(assistant.url, person);
  // READY is True: the first request must not need a second try.
  await work.add("Water the plants");
}, 600_000);
afterAll(() => emptied(NS), 300_000);

/** What a person types after `kubectl`, in the namespace of the assistant. @returns what they see */
const typed = (command: string): Promise<string> => cluster().kubectl("--namespace", NS, ...command.split(" "));
const pause = (seconds: number) => new Promise((done) => setTimeout(done, seconds * 1000));

describe("looking at it", () => {
  test("get ta reads like a sentence", async () => {
    const [header, row, ...more] = (await typed("get ta")).trimEnd().split("\n");
    expect(header?.split(/\s+/)).toEqual(["NAME", "READY", "STATUS", "URL", "VERSION", "AGE"]);
    expect(row?.split(/\s+/).slice(0, 5)).toEqual(["demo", "True", "Ready", assistant.url, "0.1.0"]);
    expect(more).toEqual([]);
  });

  test("get ta -o wide adds model, database, API pods and the message", async () => {
    const [header, row] = (await typed("get ta -o wide")).trimEnd().split("\n");
    expect(header?.split(/\s+/).slice(6)).toEqual(["MODEL", "DATABASE", "API", "LAST", "BACKUP", "MESSAGE"]);
    expect(row).toMatch(new RegExp(`\\sDemo\\s+Managed\\s+1/1\\s+(?:<none>\\s+)?Open ${assistant.url}\\s*$`));
  });

  test("describe tells every condition in a sentence, the next command and what happened", async () => {
    const text = await typed("describe ta demo");
    const types = [...text.slice(text.indexOf("\n  Conditions:")).matchAll(/^ {4}Type: +(\w+)$/gm)].map(
      ([, type]) => type,
    );
    expect(types).toEqual([
      ...["Ready", "Accepted", "DatabaseReady", "MigrationsApplied", "FrontendAvailable", "ApiAvailable"],
      ...["McpVerified", "ModelReachable", "Exposed", "MaintenanceHealthy", "Upgradeable", "Suspended"],
      ...["Paused", "Reconciling", "Stalled"],
    ]);
    expect(text).toContain(`Message:               Open ${assistant.url}`);
    const port = new URL(assistant.url).port;
    expect(text).toContain(`Next: kubectl -n ${NS} port-forward svc/demo-frontend ${port}:3000`);
    const events = text.slice(text.indexOf("\nEvents:"));
    expect(events).toMatch(/Normal +Available .* DatabaseReady is True: PostgreSQL demo-db accepts connections/);
    expect(events).toMatch(new RegExp(`Normal +Ready .* Ready is True: Open ${assistant.url}`));
  });

  test("explain ta.spec explains every field", async () => {
    const text = await typed("explain ta.spec");
    expect(text).toContain("The desired state. The operator never changes it.");
    const fields = [...text.matchAll(/^ {2}(\w+)\t<(.+)>/gm)].map(([, field]) => field);
    expect(fields).toEqual([
      ...["agent", "api", "auth", "backup", "database", "deletion", "exposure", "frontend", "images"],
      ...["inheritedMetadata", "mcp", "model", "podSecurity", "suspend", "upgrade", "version"],
    ]);
    const everything = await typed("explain ta.spec --recursive");
    expect(everything).toContain("storageClassName");
    const provider = await typed("explain ta.spec.model.provider");
    expect(provider).toMatch(/ENUM:\s+OpenAICompatible\s+Demo|ENUM:\s+Demo\s+OpenAICompatible/);
  });

  test.each(TIERS)("logs -l app.kubernetes.io/name=taskassistant-%s shows that tier at work", async (tier) => {
    const text = await typed(`logs -l app.kubernetes.io/name=taskassistant-${tier} --tail=-1`);
    if (tier === "db") return expect(text).toContain("database system is ready to accept connections");
    const lines = text.trimEnd().split("\n");
    const service = tier === "model" ? "model-demo" : tier;
    const notJson = lines.filter((line) => !line.startsWith("{"));
    expect(notJson).toEqual([]);
    expect(lines.map((line) => JSON.parse(line).service)).toEqual(lines.map(() => service));
    expect(lines.some((line) => JSON.parse(line).msg === "listening")).toBe(true);
  });

  test("no log has a token, a cookie, a password or what was asked", async () => {
    await work.chat("add visit grandmother on sunday");
    const all = await typed("logs -l app.kubernetes.io/instance=demo --tail=-1 --max-log-requests=20");
    expect(all).toContain('"path":"/api/chat"');
    expect(all).not.toMatch(/eyJ[\w-]+\.eyJ/);
    expect(all.toLowerCase()).not.toContain("grandmother");
    expect(all).not.toContain(person.password);
    expect(all).not.toContain(person.cookie.split("=")[1]?.split(".")[0]);
  });

  test("port-forward svc/demo-frontend gives the page", async () => {
    const [port = 0] = await freePorts(1);
    await withTypedForward(NS, ["svc/demo-frontend", `${port}:3000`], async (printed) => {
      expect(printed).toContain(`Forwarding from 127.0.0.1:${port} -> 3000`);
      const page = await request(`http://localhost:${port}/sign-in`);
      expect([page.status, page.text]).toEqual([200, expect.stringContaining("Welcome back")]);
    });
  });
});

describe("what the cluster's rules see", () => {
  test("the namespace enforces PodSecurity restricted, so every pod here passed it", async () => {
    const namespace = await cluster().kubectl("get", "namespace", NS, "--output", "json");
    expect(JSON.parse(namespace).metadata.labels).toMatchObject({ "pod-security.kubernetes.io/enforce": "restricted" });
    const intruder = await cluster().kubectl.run(["--namespace", NS, "run", "intruder", "--image=busybox"]);
    expect([intruder.code, intruder.stderr]).toEqual([1, expect.stringContaining('violates PodSecurity "restricted')]);

    // The maintenance job has a pod once a night.
    const pods = (await list("pods", NS, "demo")).filter(
      ({ metadata }) => metadata.labels?.["app.kubernetes.io/component"] !== "maintenance",
    );
    const components = pods.map(({ metadata }) => metadata.labels?.["app.kubernetes.io/component"]);
    expect(components.sort()).toEqual(["api", "db", "frontend", "mcp", "migrate", "model"]);
    expect(pods.map(({ status }) => status.phase).sort()).toEqual([...TIERS.map(() => "Running"), "Succeeded"]);
  });

  test("no pod can write to its root, run as root, gain rights or talk to Kubernetes, by its spec", async () => {
    for (const { metadata, spec } of await list("pods", NS, "demo")) {
      expect([metadata.name, spec.automountServiceAccountToken]).toEqual([metadata.name, false]);
      expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
      for (const container of [...spec.containers, ...(spec.initContainers ?? [])]) {
        expect(container.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        });
        expect(JSON.stringify(container.volumeMounts)).not.toContain("serviceaccount");
      }
      expect(JSON.stringify(spec.volumes)).not.toContain("serviceAccountToken");
    }
  });

  const LOOK = `
    const fs = require("node:fs");
    const attempt = (path) => { try { fs.writeFileSync(path, "x"); return "written"; } catch (error) { return error.code; } };
    const token = fs.existsSync("/var/run/secrets/kubernetes.io");
    console.log(JSON.stringify([attempt("/probe"), attempt("/app/probe"), attempt("/tmp/probe"), process.getuid(), token]));
  `;
  test.each(["frontend", "api", "mcp", "model"])("%s: the same, tried from inside", async (tier) => {
    const exec = ["--namespace", NS, "exec", `deployment/demo-${tier}`, "--", "/nodejs/bin/node", "-e", LOOK];
    expect(JSON.parse(await cluster().kubectl(...exec))).toEqual(["EROFS", "EROFS", "written", 65532, false]);
  });

  test("db: the same, tried from inside", async () => {
    const exec = (...command: string[]) =>
      cluster().kubectl.run(["--namespace", NS, "exec", "demo-db-0", "--", ...command]);
    expect((await exec("touch", "/probe")).stderr).toContain("Read-only file system");
    expect((await exec("touch", "/tmp/probe")).code).toBe(0);
    expect((await exec("id", "-u")).stdout.trim()).toBe("999");
    expect((await exec("ls", "/var/run/secrets/kubernetes.io")).stderr).toContain("No such file or directory");
  });
});

describe("quiet once it has converged", () => {
  /** Whatever a pod's probe felt: the operator has to write it down, and did not start it. */
  const podsSeen = async () =>
    JSON.stringify((await list("pods", NS, "demo")).map(({ metadata, status }) => [metadata.uid, status.conditions]));

  test("the operator writes nothing for 60 s, by the API server's audit log", async () => {
    const since = await auditOf(NS, applied, new Date());
    const created = since.filter((entry) => isWrite(entry) && entry.user.startsWith(OPERATOR));
    // What is looked for is there to be found: it did write when it made all this.
    expect(created.map(({ verb, resource }) => `${verb} ${resource}`)).toEqual(
      expect.arrayContaining(["patch deployments", "create secrets", "patch taskassistants/status"]),
    );

    for (let disturbed = 0; ; disturbed += 1) {
      await settled(NS, "demo");
      await waitCondition(NS, "demo", "Reconciling", { status: "False", reason: "Settled" });
      await pause(10);
      const before = await podsSeen();
      const from = new Date();
      await pause(60);
      const to = new Date();
      const entries = await auditOf(NS, from, to);
      const writes = entries.filter(isWrite);
      console.log(
        [
          `audit of ${NS}, ${from.toISOString()} to ${to.toISOString()}: ${writes.length} writes, ${entries.length} requests`,
          ...tally(entries),
        ].join("\n  "),
      );
      if (before !== (await podsSeen()) && disturbed < 3) continue;
      expect(tally(writes.filter(({ user }) => user.startsWith(OPERATOR)))).toEqual([]);
      return;
    }
  }, 600_000);
});

describe("rollout restart", () => {
  const deployment = async (name: string) => (await find("deployments", NS, name)) as Live;
  const shape = async () =>
    Promise.all(
      DEPLOYMENTS.map(async (name) => {
        const { metadata, spec } = await deployment(name);
        return { name, generation: metadata.generation, annotations: spec.template.metadata.annotations };
      }),
    );

  test("replaces every pod once, is left alone by the operator, and all works afterwards", async () => {
    const before = new Set((await list("pods", NS, "demo")).map(({ metadata }) => metadata.uid));
    const generations = (await shape()).map(({ generation = 0 }) => generation);
    await typed("rollout restart deployment -l app.kubernetes.io/instance=demo");
    for (const name of DEPLOYMENTS) await typed(`rollout status deployment/${name} --timeout=180s`);
    await settled(NS, "demo");

    const restarted = await shape();
    for (const { annotations } of restarted) expect(annotations).toHaveProperty(["kubectl.kubernetes.io/restartedAt"]);
    // A change that makes the operator look at everything again, whether it is due or not.
    await typed("annotate ta demo example.com/touched=yes --overwrite");
    await pause(20);
    expect(await shape()).toEqual(restarted);
    expect(restarted.map(({ generation = 0 }) => generation)).toEqual(generations.map((each) => each + 1));
    const running = (await list("pods", NS, "demo")).filter(({ status }) => status.phase === "Running");
    expect(running.filter(({ metadata }) => before.has(metadata.uid)).map(({ metadata }) => metadata.name)).toEqual([
      "demo-db-0",
    ]);

    expect(await work.titles()).toContain("Water the plants");
    const answer = await work.chat("add buy bread");
    expect([answer.status, answer.text]).toEqual([200, expect.stringContaining("Added “Buy bread”")]);
    expect(await work.titles()).toContain("Buy bread");
  }, 600_000);

  test("of the database keeps the data", async () => {
    const uid = async () => (await find("pods", NS, "demo-db-0"))?.metadata.uid;
    const before = await uid();
    await typed("rollout restart statefulset/demo-db");
    await typed("rollout status statefulset/demo-db --timeout=180s");
    expect(await uid()).not.toBe(before);
    await settled(NS, "demo");
    const titles = () => reach(() => work.titles()).catch((error: unknown) => [String(error)]);
    await eventually("the tasks", titles, (found) => found.includes("Water the plants"), 60);
  }, 600_000);
});

test("scale is left alone while the resource gives no number", async () => {
  const apiPods = async () => (await typed("get ta -o wide")).split("\n")[1]?.split(/\s+/)[8];
  await typed("scale deployment/demo-api --replicas=2");
  await typed("rollout status deployment/demo-api --timeout=180s");
  await eventually("two API pods", apiPods, (shown) => shown === "2/2", 90);
  await typed("annotate ta demo example.com/touched=again --overwrite");
  await pause(10);
  expect(await apiPods()).toBe("2/2");
  expect((await reach(() => work.chat("what's open?"))).status).toBe(200);
  await typed("scale deployment/demo-api --replicas=1");
  await settled(NS, "demo");
}, 400_000);
