import type { Child, Deployment, Job, PersistentVolumeClaim, StatefulSet } from "../api/objects.ts";
import { API_PORTS, api } from "./api.ts";
import { DATABASE_PORTS, database, dataVolume } from "./database.ts";
import { databaseEndpoint } from "./database-access.ts";
import { FRONTEND_PORTS, frontend } from "./frontend.ts";
import { ingress } from "./ingress.ts";
import type { DesiredInput } from "./input.ts";
import { MCP_PORTS, mcp } from "./mcp.ts";
import { migration } from "./migration.ts";
import { MODEL_PORTS, model } from "./model.ts";
import type { Component } from "./names.ts";
import { networkPolicies } from "./network.ts";
import { service, serviceAccount } from "./service.ts";

/** All children of an assistant, grouped by what they have to wait for. */
export interface DesiredChildren {
  /** Waits for nothing: accounts, Services, policies, the Ingress. */
  readonly foundation: readonly Child[];
  /** Mode Managed: the volume, needs the generated Secrets to exist first. */
  readonly volume?: PersistentVolumeClaim;
  readonly database?: StatefulSet;
  /** Absent while the address of an external database, or the managed one's volume, is unknown. */
  readonly migration?: Job;
  /** Need the migration; the demo model doesn't. */
  readonly tiers: {
    readonly frontend?: Deployment;
    readonly api?: Deployment;
    readonly mcp?: Deployment;
    readonly model?: Deployment;
  };
}

/** Builds every child from the resource and what was observed. */
export function children(input: DesiredInput): DesiredChildren {
  const managed = input.spec.database.mode === "Managed";
  const demo = input.spec.model.provider === "Demo";
  const endpoint = databaseEndpoint(input);
  const route = ingress(input);
  const present: Component[] = ["frontend", "api", "mcp", "migrate"];
  if (demo) present.push("model");
  if (managed) present.push("db");
  return {
    foundation: [
      ...present.map((component) => serviceAccount(input, component)),
      service(input, "frontend", FRONTEND_PORTS),
      service(input, "api", API_PORTS),
      service(input, "mcp", MCP_PORTS),
      ...(demo ? [service(input, "model", MODEL_PORTS)] : []),
      ...(managed ? [service(input, "db", DATABASE_PORTS)] : []),
      ...networkPolicies(input),
      ...(route === undefined ? [] : [route]),
    ],
    ...(managed ? { volume: dataVolume(input), database: database(input) } : {}),
    ...(endpoint === undefined || (managed && input.volume === undefined)
      ? {}
      : { migration: migration(input, endpoint) }),
    tiers: {
      ...(demo ? { model: model(input) } : {}),
      ...(endpoint === undefined
        ? {}
        : { mcp: mcp(input, endpoint), api: api(input, endpoint), frontend: frontend(input, endpoint) }),
    },
  };
}
