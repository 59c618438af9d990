import type { Child, CronJob, Deployment, Job, PersistentVolumeClaim, StatefulSet } from "../../kinds/index.ts";
import { COMPONENTS, type DatabaseUser, isPresent, type LongRunning, type Server } from "./components.ts";
import { maintenance } from "./database/maintenance.ts";
import { migration } from "./database/migration.ts";
import { databaseMode } from "./database/mode.ts";
import { DATABASE_PORTS } from "./database/postgres.ts";
import { ingress } from "./exposure/ingress.ts";
import { withInheritedMetadata } from "./inherited-metadata.ts";
import type { DatabaseEndpoint, DesiredInput } from "./input.ts";
import { componentOf } from "./labels.ts";
import { networkPolicies } from "./network/policies.ts";
import { withRestart } from "./restart.ts";
import { asOf } from "./revisions.ts";
import { API_PORTS, api } from "./tiers/api.ts";
import { FRONTEND_PORTS, frontend } from "./tiers/frontend.ts";
import { MCP_PORTS, mcp } from "./tiers/mcp.ts";
import { MODEL_PORTS, model } from "./tiers/model-demo.ts";
import { service, serviceAccount } from "./tiers/service.ts";

/** All children of an assistant, grouped by what they wait for. */
export interface DesiredChildren {
  /** Accounts, Services, policies and the Ingress, which wait for nothing. */
  readonly foundation: readonly Child[];
  /** Needs the generated Secrets to exist first. */
  readonly volume?: PersistentVolumeClaim;
  readonly database?: StatefulSet;
  /** Absent while the address of an external database, or the managed one's volume, is unknown, and during a restore. */
  readonly migration?: Job;
  /** Needs the migration, and is absent while the address of the database is unknown. */
  readonly maintenance?: CronJob;
  /** Those that use the database need the migration, and are absent while its address is unknown. */
  readonly servers: { readonly [S in Server]?: Deployment };
}

/** Every child, in the order in which they are applied. */
export function allChildren(desired: DesiredChildren): Child[] {
  const { foundation, volume, database, migration, maintenance, servers, ...others } = desired;
  // A type error here means that a new group is missing below. It would be neither applied nor safe from removal.
  others satisfies Record<string, never>;
  const single = [volume, database, migration, maintenance].filter((child) => child !== undefined);
  return [...foundation, ...single, ...Object.values(servers)];
}

/** The same children with `change` applied to each. */
export function mapChildren(desired: DesiredChildren, change: <C extends Child>(child: C) => C): DesiredChildren {
  const { foundation, volume, database, migration, maintenance, servers, ...others } = desired;
  // A type error here means that a new group is missing below and would be lost.
  others satisfies Record<string, never>;
  return {
    foundation: foundation.map(change),
    ...(volume === undefined ? {} : { volume: change(volume) }),
    ...(database === undefined ? {} : { database: change(database) }),
    ...(migration === undefined ? {} : { migration: change(migration) }),
    ...(maintenance === undefined ? {} : { maintenance: change(maintenance) }),
    servers: Object.fromEntries(Object.entries(servers).map(([server, child]) => [server, change(child)])),
  };
}

/** Builds every child from the resource and what was observed. */
export function children(input: DesiredInput): DesiredChildren {
  return mapChildren(ownChildren(input), (child) =>
    withRestart(input, withInheritedMetadata(input.spec, asReleased(input, child))),
  );
}

function asReleased<C extends Child>(input: DesiredInput, child: C): C {
  const component = COMPONENTS.find((each) => each === componentOf(child));
  return component === undefined ? child : asOf(input.release(component).templates, child);
}

function ownChildren(input: DesiredInput): DesiredChildren {
  const { spec } = input;
  const mode = databaseMode(spec);
  const endpoint = mode.endpoint(input);
  const route = ingress(input);
  const { volume, server: database } = mode.children(input);
  const waitsForVolume = volume !== undefined && input.volume === undefined;
  return {
    foundation: [
      ...COMPONENTS.filter((component) => isPresent(component, spec)).map((each) => serviceAccount(input, each)),
      ...present(SERVICE_PORTS, input).map(([component, ports]) => service(input, component, ports)),
      ...networkPolicies(input),
      ...(route === undefined ? [] : [route]),
    ],
    ...(volume === undefined ? {} : { volume }),
    ...(database === undefined ? {} : { database }),
    ...(endpoint === undefined || waitsForVolume || input.restoring ? {} : { migration: migration(input, endpoint) }),
    ...(endpoint === undefined ? {} : { maintenance: maintenance(input, endpoint) }),
    servers: Object.fromEntries([
      ...present(WITHOUT_DATABASE, input).map(([server, build]) => [server, build(input)] as const),
      ...(endpoint === undefined
        ? []
        : present(WITH_DATABASE, input).map(([server, build]) => [server, build(input, endpoint)] as const)),
    ]),
  };
}

const SERVICE_PORTS: { readonly [C in LongRunning]: Readonly<Record<string, number>> } = {
  frontend: FRONTEND_PORTS,
  api: API_PORTS,
  mcp: MCP_PORTS,
  model: MODEL_PORTS,
  db: DATABASE_PORTS,
};

const WITHOUT_DATABASE: { readonly [S in Exclude<Server, DatabaseUser>]: (input: DesiredInput) => Deployment } = {
  model,
};

/** Those that others call come first. */
const WITH_DATABASE: {
  readonly [S in Extract<Server, DatabaseUser>]: (input: DesiredInput, endpoint: DatabaseEndpoint) => Deployment;
} = { mcp, api, frontend };

/** The entries of a table whose component the resource asks for. */
function present<K extends LongRunning, V>(table: { readonly [C in K]: V }, { spec }: DesiredInput): [K, V][] {
  return (Object.entries(table) as [K, V][]).filter(([component]) => isPresent(component, spec));
}
