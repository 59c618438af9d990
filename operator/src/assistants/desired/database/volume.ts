import type { TaskAssistantSpec } from "../../../api/taskassistants/v1alpha1/index.ts";
import type { PersistentVolumeClaim } from "../../../kinds/index.ts";
import type { DesiredInput } from "../input.ts";
import { keptMeta } from "../labels.ts";
import { namesOf } from "../names.ts";
import { canonicalQuantity, quantityValue } from "../pod/quantity.ts";

type StorageSpec = NonNullable<TaskAssistantSpec["database"]["managed"]>["storage"];

const DEFAULT_SIZE = "5Gi";

/**
 * The claim of the data volume. It is separate from the StatefulSet, so that it can grow and outlive it. An existing claim,
 * perhaps a retained one, keeps its storage class and never shrinks, because the API server would refuse either change.
 */
export function dataVolume(input: DesiredInput, storage: StorageSpec): PersistentVolumeClaim {
  const wanted = canonicalQuantity(storage?.size ?? DEFAULT_SIZE);
  const { volume } = input;
  const keep = volume !== undefined && quantityValue(volume.size) > quantityValue(wanted);
  const storageClassName = volume === undefined ? storage?.storageClassName : volume.storageClassName;
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: keptMeta(input, namesOf(input.name).volumeClaim, "db"),
    spec: {
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: keep ? volume.size : wanted } },
      ...(storageClassName === undefined ? {} : { storageClassName }),
    },
  };
}
