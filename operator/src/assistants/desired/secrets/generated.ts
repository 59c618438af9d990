import type { TaskAssistantSpec } from "../../../api/taskassistants/v1alpha1/index.ts";
import type { KubeObject } from "../../../kube/index.ts";
import { databaseMode } from "../database/mode.ts";
import type { DesiredInput } from "../input.ts";
import { keptMeta, ownedMeta } from "../labels.ts";
import { namesOf, SECRET_KEYS } from "../names.ts";

/** A Secret that is created once with random values, which are never read or written again. */
export interface GeneratedSecret {
  readonly name: string;
  /** Key -> what its value looks like. */
  readonly keys: Readonly<Record<string, "password" | "instanceId">>;
  /** The data in the database depends on it, so it outlives the assistant and is never generated again over existing data. */
  readonly credential: boolean;
}

/** An opaque Secret, as it is sent to be created. */
export interface SecretObject extends KubeObject {
  readonly type: "Opaque";
  readonly stringData: Readonly<Record<string, string>>;
}

/** The Secrets that an assistant needs and the user did not provide. */
export function generatedSecrets(assistant: string, spec: TaskAssistantSpec): GeneratedSecret[] {
  const names = namesOf(assistant);
  const database: GeneratedSecret = {
    name: names.databaseSecret,
    credential: true,
    keys: {
      ...databaseMode(spec).generatedKeys,
      [SECRET_KEYS.authPassword]: "password",
      [SECRET_KEYS.appPassword]: "password",
      [SECRET_KEYS.instanceId]: "instanceId",
    },
  };
  const auth: GeneratedSecret = {
    name: names.authSecret,
    credential: true,
    keys: { [SECRET_KEYS.authSecret]: "password" },
  };
  const exchange: GeneratedSecret = {
    name: names.exchangeSecret,
    credential: false,
    keys: { [SECRET_KEYS.exchangeSecret]: "password" },
  };
  // A Secret of its own, which an assistant of an older release gets too. A new value only leads to another migration Job.
  const maintenance: GeneratedSecret = {
    name: names.maintenanceSecret,
    credential: false,
    keys: { [SECRET_KEYS.maintenancePassword]: "password" },
  };
  return spec.auth.secretRef === undefined
    ? [database, auth, exchange, maintenance]
    : [database, exchange, maintenance];
}

/** The Secret with values. `draw` returns random text of the given kind. */
export function secretObject(
  input: Pick<DesiredInput, "name" | "namespace" | "uid">,
  secret: GeneratedSecret,
  draw: (kind: "password" | "instanceId") => string,
): SecretObject {
  const meta = secret.credential ? keptMeta(input, secret.name) : ownedMeta(input, secret.name);
  const values = Object.entries(secret.keys).map(([key, kind]) => [key, draw(kind)]);
  return { apiVersion: "v1", kind: "Secret", metadata: meta, type: "Opaque", stringData: Object.fromEntries(values) };
}
