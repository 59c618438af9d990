import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PkiName } from "./pki/cluster-pki.ts";
import { writeYaml } from "./yaml.ts";

/** Writes a kubeconfig (0600) with embedded certificates for one user of the cluster. */
export function writeKubeconfig(
  path: string,
  options: { cluster: string; server: string; pki: string; user: PkiName },
): void {
  const base64 = (file: string) => readFileSync(join(options.pki, file)).toString("base64");
  const context = `taskassistant-${options.cluster}`;
  writeYaml(
    path,
    {
      apiVersion: "v1",
      kind: "Config",
      "current-context": context,
      clusters: [
        { name: context, cluster: { server: options.server, "certificate-authority-data": base64("server-ca.crt") } },
      ],
      users: [
        {
          name: options.user,
          user: {
            "client-certificate-data": base64(`${options.user}.crt`),
            "client-key-data": base64(`${options.user}.key`),
          },
        },
      ],
      contexts: [{ name: context, context: { cluster: context, user: options.user } }],
    },
    0o600,
  );
}
