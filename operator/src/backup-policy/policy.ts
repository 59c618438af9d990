import type { Destination } from "../api/backups/v1alpha1/index.ts";
import type { TaskAssistantSpec } from "../api/taskassistants/v1alpha1/index.ts";

/** What a TaskAssistant says about its backups. */
export type BackupPolicy = NonNullable<TaskAssistantSpec["backup"]>;

/** Where a volume is mounted in the pods of backups. Locations on it begin with this path. */
export const VOLUME_MOUNT = "/backups";

/** The folder of an assistant's backups, `s3://bucket/prefix/namespace/name/` or `file:///backups/namespace/name/`. */
export function folderOf(
  { s3 }: Destination,
  assistant: { readonly namespace: string; readonly name: string },
): string {
  const base =
    s3 === undefined
      ? `file://${VOLUME_MOUNT}`
      : `s3://${[s3.bucket, ...(s3.prefix ?? "").split("/")].filter((part) => part !== "").join("/")}`;
  return `${base}/${assistant.namespace}/${assistant.name}/`;
}

/** Whether a destination can be where this location is. */
export function holds({ s3 }: Destination, location: string): boolean {
  return location.startsWith(s3 === undefined ? `file://${VOLUME_MOUNT}/` : `s3://${s3.bucket}/`);
}

/** The id of a backup, the last folder of its location. */
export function idOf(location: string): string {
  return location.replace(/\/+$/, "").split("/").at(-1) ?? "";
}
