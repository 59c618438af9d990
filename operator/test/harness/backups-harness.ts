import { taskAssistantBackupResource } from "../../src/api/backups/v1alpha1/index.ts";
import { taskAssistantRestoreResource } from "../../src/api/restores/v1alpha1/index.ts";
import { CHILD_KINDS } from "../../src/kinds/index.ts";
import type { Resource } from "../../src/kube/index.ts";
import { assistantHarness } from "./assistant-harness.ts";
import { type AnyObject, type ClusterHarness, eventually, secret } from "./cluster-harness.ts";

/** What the program says of a backup that it made. */
export const RESULT = {
  ok: true,
  bytes: 1000,
  rows: 42,
  sha256: "ab",
  schemaVersion: 9,
  release: "0.1.0",
  postgresVersion: "17.2",
};
/** The store of the backups. */
export const S3 = {
  bucket: "store",
  prefix: "a",
  endpoint: "http://minio:9000",
  forcePathStyle: true,
  credentialsSecretRef: { name: "s3" },
};
/** What an assistant says of its backups. */
export const BACKUP = { destination: { s3: S3 }, encryption: { secretRef: { name: "key" } }, verify: "Never" };

/**
 * What tests do with backups and restores of the assistant `demo` of a namespace.
 * @param lines the operator's log, whose end a wait that failed shows
 */
export function backupsHarness(current: () => ClusterHarness, lines: () => readonly string[]) {
  /** An assistant in a namespace of its own, with what its backups need. */
  async function assistant(namespace: string, spec: object = { backup: BACKUP }): Promise<void> {
    await assistantHarness(current).ready(namespace, { model: { provider: "Demo" }, ...spec });
    await secrets(namespace);
  }

  async function secrets(namespace: string): Promise<void> {
    await secret(current(), namespace, "key", { identity: "AGE-SECRET-KEY-1X" });
    await secret(current(), namespace, "s3", { accessKeyId: "a", secretAccessKey: "b" });
  }

  function create(kind: string, namespace: string, name: string, spec: object): Promise<AnyObject> {
    const object = { apiVersion: "taskassistant.dev/v1alpha1", kind, metadata: { namespace, name }, spec };
    return current().client.create<AnyObject>(object, { signal: current().signal });
  }

  function backUp(namespace: string, name: string, more: object = {}): Promise<AnyObject> {
    return create("TaskAssistantBackup", namespace, name, { assistantRef: { name: "demo" }, ...more });
  }

  function restore(namespace: string, name: string, more: object = {}): Promise<AnyObject> {
    const target = { assistantRef: { name: "demo" } };
    return create("TaskAssistantRestore", namespace, name, {
      source: { backupRef: { name: "one" } },
      target,
      confirm: "demo",
      ...more,
    });
  }

  /** Waits until the status has this phase and, if given, the condition Complete this reason. */
  async function reaches(
    resource: Resource,
    namespace: string,
    name: string,
    phase: string,
    reason?: string,
  ): Promise<AnyObject> {
    let last: AnyObject | undefined;
    const complete = () => last?.status?.conditions?.find((each: { type: string }) => each.type === "Complete");
    try {
      return await eventually(
        `${name} ${phase}`,
        async () => {
          last = await current().get(resource, namespace, name);
          return last?.status?.phase === phase && (reason === undefined || complete()?.reason === reason)
            ? last
            : undefined;
        },
        90_000,
      );
    } catch (error) {
      throw new Error(
        `${name}: ${phase}/${reason ?? "*"} expected, found ${JSON.stringify(last?.status)}\n${lines().slice(-20).join("\n")}`,
        { cause: error },
      );
    }
  }

  const backupReaches = (...args: [string, string, string, string?]) => reaches(taskAssistantBackupResource, ...args);
  const restoreReaches = (...args: [string, string, string, string?]) => reaches(taskAssistantRestoreResource, ...args);
  const job = (namespace: string, name: string) => current().get(CHILD_KINDS.Job.resource, namespace, name);

  /** The way to the database that only the Job needed. */
  const policyGoes = (namespace: string, name: string) =>
    eventually(
      `policy ${name} is gone`,
      async () => (await current().get(CHILD_KINDS.NetworkPolicy.resource, namespace, name)) === undefined,
      20_000,
    );

  return { assistant, secrets, create, backUp, restore, backupReaches, restoreReaches, job, policyGoes };
}
