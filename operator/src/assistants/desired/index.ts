/**
 * What should exist, as pure functions of the resource and what was observed, without I/O, clock and randomness.
 * Each component has a file, and `children` combines them.
 */

export type {
  Child,
  CronJob,
  Deployment,
  Job,
  PersistentVolumeClaim,
  StatefulSet,
  Workload,
} from "../../kinds/index.ts";
export { allChildren, children, type DesiredChildren, mapChildren } from "./children.ts";
export { COMPONENTS, type Component, DATABASE_USERS, isPresent, kindOf, SERVERS, type Server } from "./components.ts";
export { tlsEnv } from "./database/access.ts";
export { type BackupRequest, backupObject } from "./database/backup.ts";
export { migrationPolicy, migrationSeconds } from "./database/migration.ts";
export {
  type DatabaseMode,
  type DatabaseView,
  databaseMode,
  type ExternalAddress,
  type ServerView,
  type Verdict,
} from "./database/mode.ts";
export { backupPod } from "./database/task-pod.ts";
export { parseDatabaseUri } from "./database/uri.ts";
export {
  type DatabaseEndpoint,
  type DataKey,
  type DataKind,
  type DataObject,
  type DesiredInput,
  ownedReplicas,
  publicUrl,
  type SecretKey,
  type UserIds,
} from "./input.ts";
export { ASSISTANT_LABEL, childLabels, componentOf, keptLabelsPatch, MANAGED_BY, selectorLabels } from "./labels.ts";
export { assistantOf, namesOf, PORTS, SECRET_KEYS } from "./names.ts";
export { egressTo } from "./network/egress-to.ts";
export { missingData } from "./pod/checksum.ts";
export { OWNS_REPLICAS, VERSION_LABEL } from "./pod/deployment.ts";
export { seconds } from "./pod/duration.ts";
export { fromSecret, literal } from "./pod/env.ts";
export { canonicalQuantity } from "./pod/quantity.ts";
export { whyRefused } from "./pod/reserved-env.ts";
export { envSources, refusedEnv } from "./pod/user-env.ts";
export { RESTARTED_AT, restartedAt } from "./restart.ts";
export { type GeneratedSecret, generatedSecrets, secretObject } from "./secrets/generated.ts";
export { requiredUserRefs, type UserRef, watchedNames } from "./secrets/user.ts";
export { extraBodyProblem } from "./tiers/extra-body.ts";
export { authSecretKey } from "./tiers/frontend.ts";
