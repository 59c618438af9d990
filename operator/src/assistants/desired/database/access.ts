import type { EnvVar, Volume } from "../../../kube/objects.ts";
import type { DatabaseEndpoint, DesiredInput } from "../input.ts";
import { namesOf, PORTS, SECRET_KEYS } from "../names.ts";
import { composed, fromSecret, literal } from "../pod/env.ts";

/** Name of the database inside a Managed server. */
export const MANAGED_DATABASE = "taskassistant";

const CA_DIRECTORY = "/etc/taskassistant/database-ca";

/** Where the pods find PostgreSQL; undefined while an external address is not known. */
export function databaseEndpoint(input: DesiredInput): DatabaseEndpoint | undefined {
  if (input.spec.database.mode === "External") return input.externalEndpoint;
  return { host: namesOf(input.name).component("db"), port: PORTS.db, database: MANAGED_DATABASE };
}

/**
 * The connection of a service as one role of this instance. Password and role suffix come from the Secret inside the
 * pod: they never appear in an object. Passwords are made of letters and digits, so they need no escaping in a URL.
 */
export function databaseEnv(input: DesiredInput, endpoint: DatabaseEndpoint, role: "auth" | "app"): EnvVar[] {
  const secret = namesOf(input.name).databaseSecret;
  const key = role === "auth" ? SECRET_KEYS.authPassword : SECRET_KEYS.appPassword;
  return [
    fromSecret("INSTANCE_ID", { name: secret, key: SECRET_KEYS.instanceId }),
    fromSecret("DATABASE_PASSWORD", { name: secret, key }),
    composed("DATABASE_URL", `postgresql://ta_$(INSTANCE_ID)_${role}:$(DATABASE_PASSWORD)@${address(endpoint)}`),
    ...tlsEnv(input),
  ];
}

/** How connections are encrypted; the same for services and migrations. */
export function tlsEnv(input: DesiredInput): EnvVar[] {
  const { external } = input.spec.database;
  const mode = literal("DATABASE_SSL_MODE", external?.sslMode ?? "disable");
  return external?.caBundleRef === undefined ? [mode] : [mode, literal("DATABASE_CA_FILE", `${CA_DIRECTORY}/ca.crt`)];
}

/** Volume and mount of the CA bundle, if there is one. */
export function caBundle(input: DesiredInput): {
  volumes: Volume[];
  volumeMounts: { name: string; mountPath: string; readOnly: boolean }[];
} {
  const reference = input.spec.database.external?.caBundleRef;
  if (reference === undefined) return { volumes: [], volumeMounts: [] };
  return {
    volumes: [
      {
        name: "database-ca",
        secret: { secretName: reference.name, items: [{ key: reference.key, path: "ca.crt" }], defaultMode: 0o444 },
      },
    ],
    volumeMounts: [{ name: "database-ca", mountPath: CA_DIRECTORY, readOnly: true }],
  };
}

/** host:port/database as it stands in a URL inside an environment variable. */
export function address({ host, port, database }: DatabaseEndpoint): string {
  const authority = host.includes(":") ? `[${host}]` : host;
  return `${authority}:${port}/${encodeURIComponent(database)}`.replaceAll("$", "$$$$");
}
