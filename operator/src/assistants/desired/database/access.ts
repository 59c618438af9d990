import type { EnvVar, Volume } from "../../../kube/objects.ts";
import type { DatabaseEndpoint, DesiredInput, SecretKey } from "../input.ts";
import { namesOf, SECRET_KEYS } from "../names.ts";
import { composed, fromSecret, literal } from "../pod/env.ts";
import { databaseMode } from "./mode.ts";
import { authority } from "./url-authority.ts";

/** A role of the instance that logs in. */
type LoginRole = "auth" | "app" | "maintenance";

const CA_DIRECTORY = "/etc/taskassistant/database-ca";

/**
 * The connection of a service as one role of this instance. Password and role suffix come from the Secret inside the
 * pod and never appear in an object. Passwords are made of letters and digits, so they need no escaping in a URL.
 */
export function databaseEnv(input: DesiredInput, endpoint: DatabaseEndpoint, role: LoginRole): EnvVar[] {
  const { databaseSecret } = namesOf(input.name);
  return [
    fromSecret("INSTANCE_ID", { name: databaseSecret, key: SECRET_KEYS.instanceId }),
    fromSecret("DATABASE_PASSWORD", passwordKey(input, role)),
    composed("DATABASE_URL", `postgresql://ta_$(INSTANCE_ID)_${role}:$(DATABASE_PASSWORD)@${authority(endpoint)}`),
    ...tlsEnv(input),
  ];
}

/** Where the password of a role is. */
export function passwordKey({ name }: DesiredInput, role: LoginRole): SecretKey {
  const { databaseSecret, maintenanceSecret } = namesOf(name);
  switch (role) {
    case "auth":
      return { name: databaseSecret, key: SECRET_KEYS.authPassword };
    case "app":
      return { name: databaseSecret, key: SECRET_KEYS.appPassword };
    case "maintenance":
      return { name: maintenanceSecret, key: SECRET_KEYS.maintenancePassword };
  }
}

/** How connections are encrypted; the same for services and migrations. */
export function tlsEnv(input: DesiredInput): EnvVar[] {
  const { sslMode, caBundle: bundle } = databaseMode(input.spec).tls(input);
  const mode = literal("DATABASE_SSL_MODE", sslMode);
  return bundle === undefined ? [mode] : [mode, literal("DATABASE_CA_FILE", `${CA_DIRECTORY}/ca.crt`)];
}

/** Volume and mount of the CA bundle, if there is one. */
export function caBundle(input: DesiredInput): {
  volumes: Volume[];
  volumeMounts: { name: string; mountPath: string; readOnly: boolean }[];
} {
  const { caBundle: bundle } = databaseMode(input.spec).tls(input);
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
