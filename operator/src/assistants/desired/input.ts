import type { TaskAssistantSpec, Tier } from "../../api/taskassistants/v1alpha1/index.ts";
import type { Release } from "../../releases/index.ts";
import type { Component } from "./components.ts";
import type { TlsMode } from "./database/tls-mode.ts";

/** Names one key of a Secret in the assistant's namespace. */
export interface SecretKey {
  readonly name: string;
  readonly key: string;
}

/** Kinds of objects that hold values for pods. */
export type DataKind = "Secret" | "ConfigMap";

/** A Secret or ConfigMap in the assistant's namespace. */
export interface DataObject {
  readonly kind: DataKind;
  readonly name: string;
}

/** One key of a Secret or ConfigMap. */
export interface DataKey extends DataObject {
  readonly key: string;
}

/** Where PostgreSQL answers. */
export interface DatabaseEndpoint {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** What the user's URI demands of the encryption, if anything. */
  readonly sslMode?: TlsMode;
}

export type UserIds = NonNullable<NonNullable<TaskAssistantSpec["podSecurity"]>["userIds"]>;

/** Everything that determines the children of one assistant. */
export interface DesiredInput {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly spec: TaskAssistantSpec;
  /** The release that a part is built from. During an upgrade the parts differ. */
  readonly release: (component: Component) => Release;
  /** Parsed from the user's Secret; only for an External database. */
  readonly externalEndpoint?: DatabaseEndpoint;
  /** The existing claim of the data volume; only for a Managed database. */
  readonly volume?: { readonly uid: string; readonly size: string; readonly storageClassName?: string };
  /** Keyed fingerprint of a value; undefined when the object or the key does not exist. */
  readonly fingerprint: (key: DataKey) => string | undefined;
  /** The keys of a Secret or ConfigMap, sorted; none when it does not exist. */
  readonly keysOf: (object: DataObject) => readonly string[];
  /** The mark of the last restart that a person asked for, by tier; absent when there was none. */
  readonly restarts?: { readonly [T in Tier]?: string };
  /** Whether pods name their user and group ids, or the platform assigns them. */
  readonly userIds: UserIds;
  /** A restore replaces the data: nothing else may use the database. */
  readonly restoring: boolean;
  /** uid of the last restore that replaced the data, after which the migration runs again. */
  readonly restoredBy?: string;
  /** Namespace of the operator's pods, which network policies admit to the Services they probe. */
  readonly operatorNamespace: string;
  /** DNS domain of the cluster, such as `cluster.local`. */
  readonly clusterDomain: string;
}

/**
 * Replica count the operator sets for a tier; undefined leaves the field to others. `stopped`: the resource is suspended, or
 * its data is being restored.
 */
export function ownedReplicas(spec: TaskAssistantSpec, tier: Tier, stopped: boolean): number | undefined {
  return stopped ? 0 : spec[tier]?.replicas;
}

/** The address people open, which is the issuer of the tokens and the origin of the cookies. No trailing slash. */
export function publicUrl(spec: TaskAssistantSpec): string {
  const { exposure } = spec;
  if (exposure.url !== undefined) return exposure.url;
  if (exposure.type === "ClusterIP") return "http://localhost:3000";
  return `${exposure.tls === undefined ? "http" : "https"}://${exposure.host}`;
}
