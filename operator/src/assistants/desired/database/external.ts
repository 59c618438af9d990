import type { TaskAssistantSpec } from "../../../api/taskassistants/v1alpha1/index.ts";
import type { SecretKey } from "../input.ts";
import { tcp } from "../network/peers.ts";
import { fromSecret } from "../pod/env.ts";
import type { DatabaseMode, DatabaseView, ServerView, Verdict } from "./mode.ts";
import { stricter } from "./tls-mode.ts";

/** A PostgreSQL server that the user runs. */
export const external: DatabaseMode = {
  runsPods: false,
  volumeClaim: () => undefined,
  server: () => undefined,
  children: () => ({}),

  generatedKeys: {},
  userSecrets(spec) {
    const { secretRef, caBundleRef } = settings(spec);
    return [
      { path: "database.external.secretRef", ...uriOf(secretRef) },
      ...(caBundleRef === undefined ? [] : [{ path: "database.external.caBundleRef", ...caBundleRef }]),
    ];
  },
  addressSecret: (spec) => uriOf(settings(spec).secretRef),

  endpoint: (input) => input.externalEndpoint,
  tls({ spec, externalEndpoint }) {
    const { sslMode, caBundleRef } = settings(spec);
    return {
      sslMode: stricter(sslMode, externalEndpoint?.sslMode),
      ...(caBundleRef === undefined ? {} : { caBundle: caBundleRef }),
    };
  },
  adminEnv: ({ spec }) => [fromSecret("DATABASE_ADMIN_URL", uriOf(settings(spec).secretRef))],
  egress({ spec, externalEndpoint }) {
    if (externalEndpoint === undefined) return [];
    const to = (settings(spec).cidrs ?? []).map((cidr) => ({ ipBlock: { cidr } }));
    return [{ ...(to.length === 0 ? {} : { to }), ports: tcp(externalEndpoint.port) }];
  },

  blocker: () => undefined,
  // Only a migration can find out.
  acceptsConnections: () => true,
  verdict,
  discard: () => "drop the schemas auth and app in the database",
  status(view) {
    const host = address(view) ?? view.assistant.status?.database?.host;
    return { mode: "External", ...(host === undefined ? {} : { host }) };
  },
};

function settings({ database }: TaskAssistantSpec) {
  if (database.external === undefined) throw new Error("the API server admitted mode External without its settings");
  return database.external;
}

function uriOf({ name }: { readonly name: string }): SecretKey {
  return { name, key: "uri" };
}

function address({ external: found }: DatabaseView): string | undefined {
  if (found === undefined || !("endpoint" in found)) return undefined;
  return `${found.endpoint.host}:${found.endpoint.port}`;
}

function verdict(view: ServerView): Verdict {
  const found = address(view);
  const database = found === undefined ? "The database" : `The database at ${found}`;
  const { status, reason, message } = view.migration;
  if (status === "True") return { reason: "Available", message: `${database} is reachable.` };
  if (reason === "DatabaseUnreachable" || reason === "AuthenticationFailed") {
    const sentences = [`${database} can't be used: ${message}`, ...contradiction(view)];
    return { reason: "Unreachable", message: sentences.join(" ") };
  }
  return { reason: "Unknown", message: `${database} hasn't been reached yet.` };
}

/** What to do where the URI asks for less than the field, in case the stricter mode is what fails. */
function contradiction({ assistant, external: found }: DatabaseView): string[] {
  if (found === undefined || !("endpoint" in found)) return [];
  const { sslMode } = settings(assistant.spec);
  const inUri = found.endpoint.sslMode;
  if (inUri === undefined || stricter(inUri, sslMode) === inUri) return [];
  return [
    `The URI says sslmode=${inUri} and database.external.sslMode is ${sslMode}; the stricter counts.`,
    `If the server's certificate can't be verified, name its authority in database.external.caBundleRef, or set database.external.sslMode to ${inUri}.`,
  ];
}
