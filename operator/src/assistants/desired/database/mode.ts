import type { ReasonOf, TaskAssistant, TaskAssistantSpec } from "../../../api/taskassistants/v1alpha1/index.ts";
import type { PersistentVolumeClaim, StatefulSet } from "../../../kinds/index.ts";
import type { Identified, LiveObject } from "../../../kube/index.ts";
import type { EgressRule, EnvVar } from "../../../kube/objects.ts";
import type { Named } from "../../../words/advice.ts";
import type { DatabaseEndpoint, DesiredInput, SecretKey } from "../input.ts";
import { external } from "./external.ts";
import { managed } from "./managed.ts";
import type { TlsMode } from "./tls-mode.ts";

/** The objects that hold the data. */
export interface DatabaseChildren {
  /** Needs the generated Secrets to exist first, and is never removed with the rest. */
  readonly volume?: PersistentVolumeClaim;
  readonly server?: StatefulSet;
}

/** How pods verify and encrypt their connections. */
export interface DatabaseTls {
  readonly sslMode: TlsMode;
  /** PEM certificates of the authorities to trust. */
  readonly caBundle?: SecretKey;
}

/**
 * What an address read from a Secret turned out to be: usable, the reason why it is not, or the API server's words when it
 * could not be read.
 */
export type ExternalAddress =
  | { readonly endpoint: DatabaseEndpoint }
  | { readonly problem: string }
  | { readonly unreadable: string };

/** What a mode judges the data by. */
export interface DatabaseView {
  readonly assistant: Identified<TaskAssistant>;
  /** The claim of the data volume; always undefined in a mode without one. */
  readonly volume: LiveObject | undefined;
  readonly external: ExternalAddress | undefined;
}

/** What a mode judges the server by. */
export interface ServerView extends DatabaseView {
  /** The object named by `server`, as it is in the cluster. */
  readonly server: LiveObject | undefined;
  /** What that object waits for, to follow "is waiting for". */
  readonly waitsFor: string | undefined;
  /** What keeps the pods of the server from running. */
  readonly trouble: Verdict | undefined;
  /** The condition MigrationsApplied. */
  readonly migration: { readonly status: string; readonly reason: string; readonly message: string };
}

/** The condition DatabaseReady: the status follows from the reason. */
export interface Verdict {
  readonly reason: ReasonOf<"DatabaseReady">;
  readonly message: string;
}

/**
 * Everything that depends on where the data lives. A mode is one module that implements all of it; no other code may ask
 * for the mode (`modes.test.ts`). Every member is pure.
 */
export interface DatabaseMode {
  /** Whether the server runs in pods of the assistant, behind a Service and a network policy of their own. */
  readonly runsPods: boolean;
  /** The claim whose loss means that the data is lost; undefined when the mode has no volume. */
  readonly volumeClaim: (assistant: string) => string | undefined;
  /** The object that runs the server; undefined when the operator does not run it. */
  readonly server: (assistant: string) => { readonly kind: "StatefulSet"; readonly name: string } | undefined;
  readonly children: (input: DesiredInput) => DatabaseChildren;

  /** Keys of the generated database Secret that this mode needs besides those of every mode. */
  readonly generatedKeys: Readonly<Record<string, "password">>;
  /** The Secrets that the user brings. */
  readonly userSecrets: (spec: TaskAssistantSpec) => readonly (SecretKey & { readonly path: string })[];
  /** The Secret key that holds the address as a URI; undefined when the address follows from the name. */
  readonly addressSecret: (spec: TaskAssistantSpec) => SecretKey | undefined;

  /** Where PostgreSQL answers; undefined while that is unknown. */
  readonly endpoint: (input: DesiredInput) => DatabaseEndpoint | undefined;
  readonly tls: (input: Pick<DesiredInput, "spec" | "externalEndpoint">) => DatabaseTls;
  /** `DATABASE_ADMIN_URL` of the migration, with the variables it is composed of. */
  readonly adminEnv: (input: DesiredInput, endpoint: DatabaseEndpoint) => readonly EnvVar[];
  /** How pods reach the server. */
  readonly egress: (input: DesiredInput) => readonly EgressRule[];

  /** Why the data must not be touched; undefined when it is in order or not there yet. */
  readonly blocker: (view: DatabaseView) => Verdict | undefined;
  /** Whether a migration may connect. */
  readonly acceptsConnections: (server: LiveObject | undefined) => boolean;
  readonly verdict: (view: ServerView) => Verdict;
  /** The step that discards the data, as an administrator would take it. */
  readonly discard: (assistant: Named) => string;
  /** `status.database`, but for the migration. */
  readonly status: (view: DatabaseView) => NonNullable<NonNullable<TaskAssistant["status"]>["database"]>;
}

const MODES: { readonly [M in TaskAssistantSpec["database"]["mode"]]: DatabaseMode } = {
  Managed: managed,
  External: external,
};

/** The mode a resource asks for. */
export function databaseMode({ database }: TaskAssistantSpec): DatabaseMode {
  return MODES[database.mode];
}
