import type { TaskAssistantSpec } from "../../api/taskassistants/v1alpha1/index.ts";
import type { Child } from "../../kinds/index.ts";

/** The child with the labels and annotations that the resource gives to all of its objects. Its own come first. */
export function withInheritedMetadata<C extends Child>({ inheritedMetadata }: TaskAssistantSpec, child: C): C {
  const { labels, annotations } = inheritedMetadata ?? {};
  return {
    ...child,
    metadata: {
      ...child.metadata,
      ...(labels === undefined ? {} : { labels: { ...labels, ...child.metadata.labels } }),
      ...(annotations === undefined ? {} : { annotations: { ...annotations, ...child.metadata.annotations } }),
    },
  };
}
