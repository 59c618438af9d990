import type { EnvVar, Volume } from "../../../kube/objects.ts";
import type { DatabaseEndpoint, DesiredInput } from "../input.ts";
import { namesOf, SECRET_KEYS } from "../names.ts";
import { composed, fromSecret, literal } from "../pod/env.ts";
import { databaseMode } from "./mode.ts";
import { authority } from "./url-authority.ts";

const CA_DIRECTORY = "/etc/taskassistant/database-ca";

/**
 * The connection of a service as one role of this instance. Password and role suffix come from the Secret inside the
 * pod and never appear in an object. Passwords are made of letters and digits, so they need no escaping in a URL.
 */
export function databaseEnv(input: DesiredInput, endpoint: DatabaseEndpoint, role: "auth" | "app"): EnvVar[] {
  const secret = namesOf(input.name).databaseSecret;
  const key = role === "auth" ? SECRET_KEYS.authPassword : SECRET_KEYS.appPassword;
  return [
    fromSecret("INSTANCE_ID", { name: secret, key: SECRET_KEYS.instanceId }),
    fromSecret("DATABASE_PASSWORD", { name: secret, key }),
    composed("DATABASE_URL", `postgresql://ta_$(INSTANCE_ID)_${role}:$(DATABASE_PASSWORD)@${authority(endpoint)}`),
    ...tlsEnv(input),
  ];
}

/** How connections are encrypted; the same for services and migrations. */
export function tlsEnv({ spec }: DesiredInput): EnvVar[] {
  const { sslMode, caBundle: bundle } = databaseMode(spec).tls(spec);
  const mode = literal("DATABASE_SSL_MODE", sslMode);
  return bundle === undefined ? [mode] : [mode, literal("DATABASE_CA_FILE", `${CA_DIRECTORY}/ca.crt`)];
}

/** Volume and mount of the CA bundle, if there is one. */
export function caBundle({ spec }: DesiredInput): {
  volumes: Volume[];
  volumeMounts: { name: string; mountPath: string; readOnly: boolean }[];
} {
  const { caBundle: bundle } = databaseMode(spec).tls(spec);
  if (bundle === undefined) return { volumes: [], volumeMounts: [] };
  return {
    volumes: [
      {
        name: "database-ca",
        secret: { secretName: bundle.name, items: [{ key: bundle.key, path: "ca.crt" }], defaultMode: 0o444 },
      },
    ],
    volumeMounts: [{ name: "database-ca", mountPath: CA_DIRECTORY, readOnly: true }],
  };
}
