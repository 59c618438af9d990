import type { TaskAssistantSpec } from "../../../api/taskassistants/v1alpha1/index.ts";
import type { LiveObject } from "../../../kube/index.ts";
import { deleteVolumeClaim, orInspectStorage, saveData, seeWhatUsesClaim, startEmpty } from "../../../words/advice.ts";
import type { DesiredInput } from "../input.ts";
import { namesOf, PORTS, SECRET_KEYS } from "../names.ts";
import { podPeer, tcp } from "../network/peers.ts";
import { composed, fromSecret } from "../pod/env.ts";
import type { DatabaseMode, DatabaseView, ServerView, Verdict } from "./mode.ts";
import { postgres } from "./postgres.ts";
import { authority, MANAGED_DATABASE } from "./url-authority.ts";
import { dataVolume } from "./volume.ts";

/** The operator runs one PostgreSQL pod on a volume of the namespace. */
export const managed: DatabaseMode = {
  runsPods: true,
  volumeClaim: (assistant) => namesOf(assistant).volumeClaim,
  server: (assistant) => ({ kind: "StatefulSet", name: serverName(assistant) }),
  children: (input) => ({
    volume: dataVolume(input, storage(input)),
    server: postgres(input, settings(input.spec)),
  }),

  generatedKeys: { [SECRET_KEYS.adminPassword]: "password" },
  userSecrets: () => [],
  addressSecret: () => undefined,

  endpoint: ({ name }) => ({ host: serverName(name), port: PORTS.db, database: MANAGED_DATABASE }),
  // Traffic inside the namespace, which the network policy limits to the pods of this assistant.
  tls: () => ({ sslMode: "disable" }),
  adminEnv: (input, endpoint) => [
    fromSecret("DATABASE_ADMIN_PASSWORD", {
      name: namesOf(input.name).databaseSecret,
      key: SECRET_KEYS.adminPassword,
    }),
    composed("DATABASE_ADMIN_URL", `postgresql://postgres:$(DATABASE_ADMIN_PASSWORD)@${authority(endpoint)}`),
  ],
  egress: (input) => [{ to: [podPeer(input.name, "db")], ports: tcp(PORTS.db) }],

  blocker,
  acceptsConnections,
  verdict,
  discard: ({ namespace, name }) => deleteVolumeClaim(namespace, namesOf(name).volumeClaim),
  status({ assistant, volume }) {
    const recorded = assistant.status?.database?.volume;
    // The claim of an earlier resource is not recorded: its loss is no loss of this one.
    const uid = volume?.metadata.deletionTimestamp === undefined ? (volume?.metadata.uid ?? recorded) : recorded;
    return {
      mode: "Managed",
      host: `${serverName(assistant.metadata.name)}:${PORTS.db}`,
      ...(uid === undefined ? {} : { volume: uid }),
    };
  },
};

function settings(spec: TaskAssistantSpec) {
  return spec.database.managed;
}

function storage(input: DesiredInput) {
  return settings(input.spec)?.storage;
}

function serverName(assistant: string): string {
  return namesOf(assistant).component("db");
}

function acceptsConnections(server: LiveObject | undefined): boolean {
  return Number(server?.status?.readyReplicas ?? 0) > 0;
}

/** A volume that once existed is never replaced by an empty one. */
function blocker({ assistant, volume }: DatabaseView): Verdict | undefined {
  const { name, namespace } = assistant.metadata;
  const claim = namesOf(name).volumeClaim;
  if (volume?.metadata.deletionTimestamp !== undefined) {
    if (assistant.status?.database?.volume === undefined) {
      const message = `Volume claim ${claim} of an earlier TaskAssistant is being deleted. The operator creates a new one when it is gone.`;
      return { reason: "Waiting", message: `${message} ${seeWhatUsesClaim(namespace, claim)}` };
    }
    const pod = `${serverName(name)}-0`;
    return {
      reason: "DataVolumeMissing",
      message: `Volume claim ${claim} is being deleted, which can't be undone. Its data is lost when pod ${pod} stops. ${saveData(assistant.metadata, pod, MANAGED_DATABASE)}`,
    };
  }
  if (volume !== undefined || assistant.status?.database?.volume === undefined) return undefined;
  return {
    reason: "DataVolumeMissing",
    message: `Volume claim ${claim}, which held the data, is gone. Restore it under this name from a snapshot or its PersistentVolume. ${startEmpty(assistant.metadata)}`,
  };
}

function verdict({ assistant, server, volume, waitsFor, trouble }: ServerView): Verdict {
  const { name, namespace } = assistant.metadata;
  const host = serverName(name);
  if (assistant.spec.suspend) {
    return { reason: "Suspended", message: "Stopped because spec.suspend is true. The data is kept." };
  }
  if (server === undefined) {
    const message =
      waitsFor === undefined ? `${host} has not been created yet.` : `${host} is waiting for ${waitsFor}.`;
    return { reason: "Waiting", message };
  }
  if (acceptsConnections(server)) {
    return { reason: "Available", message: `PostgreSQL ${host} accepts connections.` };
  }
  if (trouble === undefined) return { reason: "DatabaseStarting", message: "The database pod is starting." };
  // A pod that waits for its volume is unschedulable too, but the claim explains more.
  if (volume?.status?.phase === "Pending" && /volume|persistentvolumeclaim/i.test(trouble.message)) {
    const claim = namesOf(name).volumeClaim;
    return {
      reason: "VolumePending",
      message: `Volume claim ${claim} isn't bound: ${trouble.message} ${orInspectStorage(namespace, claim)}`,
    };
  }
  return trouble;
}
