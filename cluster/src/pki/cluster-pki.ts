import { generateKeyPairSync } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createAuthority, type KeyPair } from "./certificate.ts";

/** Names of the certificate pairs `writeClusterPki` leaves as `NAME.crt` and `NAME.key`. */
export type PkiName =
  | "server-ca"
  | "client-ca"
  | "front-proxy-ca"
  | "apiserver"
  | "apiserver-kubelet-client"
  | "front-proxy-client"
  | "admin"
  | "controller-manager"
  | "scheduler"
  | "kube-proxy"
  | "coredns"
  | "local-volumes"
  | "kubelet"
  | "kubelet-server";

export type PkiOptions = {
  /** Addresses and names the API server answers on beside the usual in-cluster ones. */
  readonly serverHosts: readonly string[];
  readonly nodeName: string;
  readonly nodeAddress: string;
};

/** First address of the service range: every pod reaches the API server by it. */
export const KUBERNETES_SERVICE_IP = "10.96.0.1";

/**
 * Writes everything the components authenticate with into `dir` (created, keys 0600): three authorities (server,
 * client, front proxy), their leaves, and the RSA pair that signs service account tokens (`service-account.key/.pub`).
 * Does nothing when the folder is complete already, so that a cluster brought up again keeps its identity.
 */
export async function writeClusterPki(dir: string, options: PkiOptions): Promise<void> {
  if (existsSync(join(dir, ".complete"))) return;
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const write = (name: PkiName, pair: KeyPair) => {
    writeFileSync(join(dir, `${name}.crt`), pair.cert);
    writeFileSync(join(dir, `${name}.key`), pair.key, { mode: 0o600 });
  };

  const server = await createAuthority("taskassistant-test-server-ca");
  const client = await createAuthority("taskassistant-test-client-ca");
  const frontProxy = await createAuthority("taskassistant-test-front-proxy-ca");
  write("server-ca", server);
  write("client-ca", client);
  write("front-proxy-ca", frontProxy);

  const inCluster = [
    "kubernetes",
    "kubernetes.default",
    "kubernetes.default.svc",
    "kubernetes.default.svc.cluster.local",
  ];
  const hosts = [...inCluster, "localhost", "127.0.0.1", KUBERNETES_SERVICE_IP, ...options.serverHosts];
  write("apiserver", await server.issue({ usage: "server", commonName: "kube-apiserver", hosts: [...new Set(hosts)] }));
  write(
    "kubelet-server",
    await server.issue({
      usage: "server",
      commonName: options.nodeName,
      hosts: [options.nodeName, options.nodeAddress],
    }),
  );

  const user = async (name: PkiName, commonName: string, ...organizations: string[]) =>
    write(name, await client.issue({ usage: "client", commonName, organizations }));
  await user("admin", "admin", "system:masters");
  await user("controller-manager", "system:kube-controller-manager");
  await user("scheduler", "system:kube-scheduler");
  await user("kube-proxy", "system:kube-proxy");
  await user("coredns", "taskassistant:coredns");
  await user("local-volumes", "taskassistant:local-volumes");
  await user("kubelet", `system:node:${options.nodeName}`, "system:nodes");
  await user("apiserver-kubelet-client", "kube-apiserver");
  write("front-proxy-client", await frontProxy.issue({ usage: "client", commonName: "system:auth-proxy" }));

  const tokens = generateKeyPairSync("rsa", { modulusLength: 2048 });
  writeFileSync(join(dir, "service-account.key"), tokens.privateKey.export({ type: "pkcs1", format: "pem" }), {
    mode: 0o600,
  });
  writeFileSync(join(dir, "service-account.pub"), tokens.publicKey.export({ type: "spki", format: "pem" }));
  writeFileSync(join(dir, ".complete"), "");
}
