import { readFileSync } from "node:fs";
import { type Assistant, cluster, eventually } from "../cluster/assistants.ts";
import type { Person } from "../people/people.ts";

const POD = "load";

/** What the load has seen so far. */
export interface LoadReport {
  /** Answers by kind of work. */
  readonly counts: Readonly<Record<string, number>>;
  /** Tasks whose addition was acknowledged. */
  readonly added: number;
  readonly failures: readonly { readonly failed: string; readonly began: string; readonly why: string }[];
}

/**
 * Starts people at work in a pod beside the assistant. They use its Service, as an ingress does: a port-forward would end with
 * the pod it leads to. @param image one with Node.js
 */
export async function startLoad({ namespace, name, url }: Assistant, person: Person, image: string): Promise<void> {
  const program = readFileSync(new URL("steady-load.mjs", import.meta.url), "utf8");
  const env = {
    SERVICE: `http://${name}-frontend:3000`,
    ORIGIN: url,
    COOKIE: person.cookie,
    USER_ID: person.userId,
    EMAIL: person.email,
    PASSWORD: person.password,
  };
  const container = {
    name: POD,
    image,
    command: ["/nodejs/bin/node", "--input-type=module", "--eval", program],
    env: Object.entries(env).map(([key, value]) => ({ name: key, value })),
    resources: { requests: { cpu: "20m" } },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
  };
  const securityContext = { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: "RuntimeDefault" } };
  const spec = {
    containers: [container],
    securityContext,
    automountServiceAccountToken: false,
    restartPolicy: "Never",
  };
  await cluster().kubectl.apply([{ apiVersion: "v1", kind: "Pod", metadata: { name: POD, namespace }, spec }]);
  const isAtWork = ({ counts }: LoadReport) => (counts.stream ?? 0) > 0 && (counts.chat ?? 0) > 0;
  await eventually("people at work", () => loadReport(namespace), isAtWork, 90);
}

/** Reads what the load has printed. */
export async function loadReport(namespace: string): Promise<LoadReport> {
  const { stdout } = await cluster().kubectl.run(["--namespace", namespace, "logs", POD, "--tail=-1"]);
  const lines = stdout.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line)] : []));
  const { counts = {}, added = 0 } = lines.findLast((line) => "counts" in line) ?? {};
  return { counts, added, failures: lines.filter((line) => "failed" in line) };
}

/** Ends the people's work and gives what they saw. */
export async function stopLoad(namespace: string): Promise<LoadReport> {
  const report = await loadReport(namespace);
  await cluster().kubectl("--namespace", namespace, "delete", "pod", POD, "--wait=true");
  return report;
}
