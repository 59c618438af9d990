import type { TaskAssistantSpec } from "../../../api/taskassistants/v1alpha1/index.ts";
import type { EgressRule } from "../../../kube/objects.ts";
import type { DesiredInput } from "../input.ts";
import { egressTo } from "./egress-to.ts";
import { goesDirect } from "./no-proxy.ts";

const DEFAULT_URL = "https://api.openai.com/v1";

/** Where the API may go for the model, as rules of its egress: its own address, or that of the proxy in front of it. */
export function modelPeers({
  spec,
  ...place
}: Pick<DesiredInput, "spec" | "namespace" | "clusterDomain">): EgressRule[] {
  return egressTo(addressOf(spec.model), place);
}

function addressOf({ baseURL, proxy }: TaskAssistantSpec["model"]): URL {
  const own = new URL(baseURL ?? DEFAULT_URL);
  return proxy === undefined || goesDirect(own, proxy.noProxy ?? "") ? own : new URL(proxy.url);
}
