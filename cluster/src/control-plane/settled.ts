import { setTimeout as sleep } from "node:timers/promises";
import type { Api } from "../api.ts";

/**
 * Waits until the controller manager works. Pods can be created in `default` only after it has created the namespace's
 * service account and root CA. @throws after `timeoutMs`
 */
export async function waitForDefaultNamespace(api: Api, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  const wanted = [
    "/api/v1/namespaces/default/serviceaccounts/default",
    "/api/v1/namespaces/default/configmaps/kube-root-ca.crt",
  ];
  while (true) {
    const replies = await Promise.all(wanted.map((path) => api.request("GET", path)));
    if (replies.every((reply) => reply.status === 200)) return;
    if (Date.now() > deadline)
      throw new Error(
        `the controller manager created no service account in the namespace default within ${timeoutMs / 1000} s`,
      );
    await sleep(50);
  }
}
