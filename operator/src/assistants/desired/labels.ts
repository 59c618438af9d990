import type { ObjectMeta } from "../../kube/index.ts";
import type { Component } from "./components.ts";
import type { DesiredInput } from "./input.ts";

/** Value of `app.kubernetes.io/managed-by` on every object the operator creates. */
export const MANAGED_BY = "taskassistant-operator";

/** Labels that select the pods of one component. They must never change, because selectors are immutable. */
export function selectorLabels(assistant: string, component: Component): Record<string, string> {
  return { "app.kubernetes.io/name": `taskassistant-${component}`, "app.kubernetes.io/instance": assistant };
}

/** Labels of a child. Without a component: objects of the assistant as a whole. */
export function childLabels(assistant: string, component?: Component): Record<string, string> {
  const common = {
    "app.kubernetes.io/part-of": "taskassistant",
    "app.kubernetes.io/managed-by": MANAGED_BY,
  };
  if (component === undefined) {
    return { "app.kubernetes.io/name": "taskassistant", "app.kubernetes.io/instance": assistant, ...common };
  }
  return { ...selectorLabels(assistant, component), "app.kubernetes.io/component": component, ...common };
}

/** The component a child belongs to, by its labels; undefined for objects of the assistant as a whole. */
export function componentOf({ metadata }: { readonly metadata: ObjectMeta }): string | undefined {
  return metadata.labels?.["app.kubernetes.io/component"];
}

/** The assistant that a child belongs to. */
type Identity = Pick<DesiredInput, "name" | "namespace" | "uid">;

/** Metadata of a child that is deleted with the assistant. */
export function ownedMeta(input: Identity, name: string, component?: Component): ObjectMeta {
  return {
    name,
    namespace: input.namespace,
    labels: childLabels(input.name, component),
    ownerReferences: [
      {
        apiVersion: "taskassistant.dev/v1alpha1",
        kind: "TaskAssistant",
        name: input.name,
        uid: input.uid,
        controller: true,
        blockOwnerDeletion: true,
      },
    ],
  };
}

/** Names the assistant on what outlives it. */
export const ASSISTANT_LABEL = "taskassistant.dev/assistant";

const INSTANCE_LABEL = "app.kubernetes.io/instance";

/**
 * Metadata of a child that outlives the assistant unless deletion.policy says otherwise. It has no instance label: Argo CD takes
 * an object without an owner for its own when that label is the name of an application, and prunes what is not in its repository.
 */
export function keptMeta(input: Identity, name: string, component?: Component): ObjectMeta {
  const { [INSTANCE_LABEL]: _, ...labels } = childLabels(input.name, component);
  return { name, namespace: input.namespace, labels: { ...labels, [ASSISTANT_LABEL]: input.name } };
}

/**
 * The change of labels that brings an object to the form of `keptMeta`, if an earlier operator created it with an instance label;
 * null removes a label. Undefined for any other object.
 */
export function keptLabelsPatch({
  metadata,
}: {
  readonly metadata: ObjectMeta;
}): Record<string, string | null> | undefined {
  const { [INSTANCE_LABEL]: instance, [ASSISTANT_LABEL]: assistant, ...labels } = metadata.labels ?? {};
  const isOld = labels["app.kubernetes.io/managed-by"] === MANAGED_BY && assistant === undefined;
  return isOld && instance !== undefined ? { [INSTANCE_LABEL]: null, [ASSISTANT_LABEL]: instance } : undefined;
}
