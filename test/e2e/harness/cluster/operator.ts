import { readFileSync } from "node:fs";
import { OPERATOR_NAMESPACE } from "../../../../scripts/up/deploy.ts";
import { cluster, eventually } from "./assistants.ts";
import { list } from "./objects.ts";

const LABEL = "app.kubernetes.io/name=taskassistant-operator";

/**
 * Kills the operator's pod without a chance to finish anything. Its Deployment makes another one.
 * @throws when there was none to kill
 */
export async function killOperator(): Promise<void> {
  const force = ["--grace-period=0", "--force", "--wait=false"];
  const where = ["--namespace", OPERATOR_NAMESPACE, "--selector", LABEL];
  const said = await cluster().kubectl("delete", "pod", ...where, ...force);
  if (!said.includes("deleted")) throw new Error(`no operator was killed: ${said}`);
}

/** Restarts the operator as an upgrade does, and returns when the new pod leads. */
export async function restartOperator(): Promise<void> {
  const before = new Set((await operatorPods()).map(({ metadata }) => metadata.uid));
  await cluster().kubectl("--namespace", OPERATOR_NAMESPACE, "delete", "pod", "--selector", LABEL, "--wait=false");
  const leads = async () => {
    const pods = (await operatorPods()).filter(({ metadata }) => !before.has(metadata.uid));
    const holder = await leader();
    return pods.some(({ metadata }) => holder.includes(metadata.name));
  };
  await eventually("a new operator leads", leads, (yes) => yes, 120);
}

async function operatorPods() {
  const pods = await list("pods", OPERATOR_NAMESPACE);
  return pods.filter(({ metadata }) => metadata.labels?.["app.kubernetes.io/name"] === "taskassistant-operator");
}

async function leader(): Promise<string> {
  type Leases = { items: { spec: { holderIdentity?: string } }[] };
  const leases = await cluster().api.get<Leases>(
    `/apis/coordination.k8s.io/v1/namespaces/${OPERATOR_NAMESPACE}/leases`,
  );
  return leases.items.map(({ spec }) => spec.holderIdentity ?? "").join(" ");
}

interface AuditEntry {
  verb: string;
  userAgent?: string;
  requestURI: string;
  objectRef?: { namespace?: string; resource?: string };
}

/** `verb path` of the operator's writes in a namespace so far, from the API server's audit log. Its lease is not among them. */
export function operatorWrites(namespace: string): string[] {
  return readFileSync(cluster().auditLog, "utf8")
    .split("\n")
    .filter((line) => line.includes('"taskassistant-operator/') && line.includes(namespace))
    .map((line) => JSON.parse(line) as AuditEntry)
    .filter(({ verb, userAgent = "", objectRef }) => {
      const isRead = ["get", "list", "watch"].includes(verb);
      const isHere = objectRef?.namespace === namespace && objectRef.resource !== "leases";
      return !isRead && isHere && userAgent.startsWith("taskassistant-operator/");
    })
    .map(({ verb, requestURI }) => `${verb} ${requestURI}`);
}
