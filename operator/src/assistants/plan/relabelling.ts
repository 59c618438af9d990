import type { KubeObject } from "../../kube/index.ts";
import { generatedSecrets, keptLabelsPatch } from "../desired/index.ts";
import type { Snapshot } from "../observe/snapshot.ts";

/** Labels of an object to set, or with null to remove. */
export interface Relabelling {
  readonly object: KubeObject;
  readonly labels: Readonly<Record<string, string | null>>;
}

/** The data volume and the credentials whose labels are those of an earlier operator. */
export function relabellings({ assistant, secrets, volume }: Snapshot): Relabelling[] {
  const credentials = generatedSecrets(assistant.metadata.name, assistant.spec)
    .filter(({ credential }) => credential)
    .map(({ name }) => secrets.get(name));
  return [volume, ...credentials].flatMap((object) => {
    const labels = object === undefined ? undefined : keptLabelsPatch(object);
    return object === undefined || labels === undefined ? [] : [{ object, labels }];
  });
}
