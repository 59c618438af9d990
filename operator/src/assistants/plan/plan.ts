import { type TaskAssistantStatus, TIERS } from "../../api/taskassistants/v1alpha1/index.ts";
import type { Child } from "../../kinds/index.ts";
import type { LiveObject } from "../../kube/index.ts";
import { knownVersions, type Release, type ReleaseImages, resolveRelease } from "../../releases/index.ts";
import {
  allChildren,
  children,
  DATABASE_USERS,
  type DesiredChildren,
  type DesiredInput,
  databaseMode,
  type GeneratedSecret,
  missingSecrets,
  namesOf,
  SERVERS,
} from "../desired/index.ts";
import { liveDatabase, liveDeployment, liveJob, type Observed } from "../observe/snapshot.ts";
import { type Finding, finding } from "../report/conditions.ts";
import { planCredentials } from "./credentials.ts";
import { type MigrationState, migrationState } from "./migration.ts";
import { outdated } from "./prune.ts";
import { handoverReplicas, suspendedReplicas } from "./replicas.ts";
import { missingUserSecrets } from "./user-secrets.ts";

/** What of this installation plays into a plan. */
export interface PlanConfig {
  readonly operatorNamespace: string;
  readonly releaseImages: Partial<ReleaseImages>;
}

/** One object to apply; with `handover`, its replica count is given up and first passed on as it is. */
export interface PlannedApply {
  readonly child: Child;
  readonly handover?: number;
}

/** Everything to do now, and what was found on the way. A function of the resource and what was observed. */
export interface Plan {
  readonly release?: Release;
  readonly desired?: DesiredChildren;
  readonly createSecrets: readonly GeneratedSecret[];
  /** In order. */
  readonly apply: readonly PlannedApply[];
  readonly remove: readonly LiveObject[];
  /** Why the resource can't be carried out, or its data not be used. */
  readonly blockers: readonly Finding[];
  /** Name of a child that is held back -> what it waits for. */
  readonly waiting: ReadonlyMap<string, string>;
  readonly migration: MigrationState;
  /** Counts to write into the status before anything is scaled down. */
  readonly suspendedReplicas: TaskAssistantStatus["suspendedReplicas"];
  readonly requeueAfterMs?: number;
}

/** Makes the plan. */
export function plan(observed: Observed, config: PlanConfig): Plan {
  const { spec } = observed.assistant;
  const release = resolveRelease({
    version: spec.version,
    registry: spec.images.registry,
    overrides: config.releaseImages,
  });
  if (release === undefined) return refused(observed);

  const input = desiredInput(observed, release, config);
  const desired = children(input);
  const credentials = planCredentials(observed);
  const volumeProblem = dataVolumeProblem(observed);
  const blockers = [missingUserSecrets(observed) ?? invalidAddress(observed), credentials.missing ?? volumeProblem];
  const migration = migrationState(observed, desired.migration);
  const waiting = new Map<string, string>();

  const volumeReady =
    volumeProblem === undefined &&
    credentials.missing === undefined &&
    credentials.create.every(({ credential }) => !credential);
  const removed = migration.phase === "failed" && migration.retryInMs === 0 ? [migration.job] : [];
  const closed = gate(observed, migration);
  // A child that is not named here waits for nothing but the Secrets it uses.
  const obstacles = new Map<Child | undefined, string | undefined>([
    [desired.volume, volumeReady ? undefined : "the credentials"],
    [desired.database, volumeProblem === undefined ? undefined : "the data volume"],
    [desired.migration, removed.length > 0 ? "the failed Job to go" : migrationObstacle(observed, desired)],
    ...GATED.map((server) => [desired.servers[server], closed] as const),
  ]);
  const admit = (child: Child): PlannedApply[] => {
    const [missing] = missingSecrets(child, input.fingerprint);
    const reason = missing === undefined ? obstacles.get(child) : `Secret ${missing.name} (key ${missing.key})`;
    if (reason === undefined) return [withHandover(observed, { child })];
    waiting.set(child.metadata.name, reason);
    return [];
  };

  return {
    release,
    desired,
    createSecrets: credentials.create,
    apply: allChildren(desired).flatMap(admit),
    remove: [...removed, ...outdated(observed, desired)],
    blockers: blockers.filter((blocker) => blocker !== undefined),
    waiting,
    migration,
    suspendedReplicas: suspendedReplicas(observed),
    ...(migration.phase === "failed" && migration.retryInMs > 0 ? { requeueAfterMs: migration.retryInMs } : {}),
  };
}

function desiredInput(observed: Observed, release: Release, config: PlanConfig): DesiredInput {
  const { metadata, spec } = observed.assistant;
  const { volume, external } = observed;
  const storageClassName = volume?.spec?.storageClassName;
  return {
    name: metadata.name,
    namespace: metadata.namespace ?? "",
    uid: metadata.uid ?? "",
    spec,
    images: release.images,
    operatorNamespace: config.operatorNamespace,
    fingerprint: ({ name, key }) => observed.secret(name)?.fingerprints[key],
    ...(external !== undefined && "endpoint" in external ? { externalEndpoint: external.endpoint } : {}),
    ...(volume?.metadata.uid === undefined
      ? {}
      : {
          volume: {
            uid: volume.metadata.uid,
            size: volume.spec?.resources?.requests?.storage ?? "0",
            ...(storageClassName === undefined ? {} : { storageClassName }),
          },
        }),
  };
}

/** Unknown release: everything stays as it is until the version is corrected. */
function refused({ assistant }: Observed): Plan {
  const known = knownVersions().join(", ");
  return {
    createSecrets: [],
    apply: [],
    remove: [],
    blockers: [
      finding(
        "Accepted",
        "UnsupportedVersion",
        `This operator doesn't know release ${assistant.spec.version}; it knows ${known}. Next: kubectl -n ${assistant.metadata.namespace} patch ta ${assistant.metadata.name} --type merge -p '{"spec":{"version":null}}', or upgrade the operator.`,
      ),
    ],
    waiting: new Map(),
    migration: { phase: "unknown" },
    suspendedReplicas: assistant.status?.suspendedReplicas,
  };
}

function invalidAddress({ external, assistant }: Observed): Finding | undefined {
  const source = databaseMode(assistant.spec).addressSecret(assistant.spec);
  if (source === undefined || external === undefined || "endpoint" in external) return undefined;
  const { key, name } = source;
  return finding("Accepted", "InvalidDatabaseURI", `Key ${key} of Secret ${name} can't be used: ${external.problem}.`);
}

function dataVolumeProblem(observed: Observed): Finding | undefined {
  const found = databaseMode(observed.assistant.spec).blocker(observed);
  return found === undefined ? undefined : finding("DatabaseReady", found.reason, found.message);
}

/** Why the migration can't start yet. One that exists is left to run, whatever the database does meanwhile. */
function migrationObstacle(observed: Observed, desired: DesiredChildren): string | undefined {
  if (liveJob(observed, desired.migration) !== undefined) return undefined;
  if (observed.assistant.spec.suspend) return "the end of the suspension";
  const mode = databaseMode(observed.assistant.spec);
  return mode.acceptsConnections(liveDatabase(observed)) ? undefined : "the database";
}

/** Servers that must not meet a schema of another release. */
const GATED = SERVERS.filter((server) => DATABASE_USERS.some((user) => user === server));

/** They get a new template only when the schema is ready for it. Without pods there is nothing to protect. */
function gate(observed: Observed, migration: MigrationState): string | undefined {
  return observed.assistant.spec.suspend || migration.phase === "done" ? undefined : "the migration";
}

function withHandover(observed: Observed, planned: PlannedApply): PlannedApply {
  const tier = TIERS.find(
    (each) => namesOf(observed.assistant.metadata.name).component(each) === planned.child.metadata.name,
  );
  if (planned.child.kind !== "Deployment" || tier === undefined) return planned;
  const handover = handoverReplicas(observed, tier, liveDeployment(observed, planned.child.metadata.name));
  return handover === undefined ? planned : { ...planned, handover };
}
