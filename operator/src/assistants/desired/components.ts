import type { TaskAssistantSpec } from "../../api/taskassistants/v1alpha1/index.ts";
import { databaseMode } from "./database/mode.ts";

interface Facts {
  /** What runs its pods. Those of `people` and `backup` are Jobs that a person or another controller creates, for which everything is prepared. */
  readonly kind: "Deployment" | "StatefulSet" | "Job" | "CronJob";
  /** Whether its pods use PostgreSQL, and so can be built only when its address is known. */
  readonly needsDatabase: boolean;
  /** Whether the resource asks for it. */
  readonly present: (spec: TaskAssistantSpec) => boolean;
}

const always = () => true;

/** The parts of an assistant with the facts about each; lists of components are derived from here. */
const FACTS = {
  frontend: { kind: "Deployment", needsDatabase: true, present: always },
  api: { kind: "Deployment", needsDatabase: true, present: always },
  mcp: { kind: "Deployment", needsDatabase: true, present: always },
  model: { kind: "Deployment", needsDatabase: false, present: ({ model }) => model.provider === "Demo" },
  db: { kind: "StatefulSet", needsDatabase: false, present: (spec) => databaseMode(spec).runsPods },
  migrate: { kind: "Job", needsDatabase: true, present: always },
  maintenance: { kind: "CronJob", needsDatabase: true, present: always },
  backup: { kind: "Job", needsDatabase: true, present: always },
  people: { kind: "Job", needsDatabase: true, present: always },
} as const satisfies Record<string, Facts>;

type Table = typeof FACTS;
type Having<F extends Partial<Facts>> = { [C in keyof Table]: Table[C] extends F ? C : never }[keyof Table];

/** A part of an assistant, as in the label `app.kubernetes.io/component`. */
export type Component = keyof Table;

/** Components that run as Deployments: the tiers, which people run and scale, and the demo model. */
export type Server = Having<{ readonly kind: "Deployment" }>;

/** Components whose pods use PostgreSQL. */
export type DatabaseUser = Having<{ readonly needsDatabase: true }>;

/** Components that run as long as the assistant does; the others run to completion. */
export type LongRunning = Having<{ readonly kind: "Deployment" | "StatefulSet" }>;

export const COMPONENTS = Object.keys(FACTS) as readonly Component[];
export const SERVERS = COMPONENTS.filter((component): component is Server => FACTS[component].kind === "Deployment");
export const DATABASE_USERS = COMPONENTS.filter(
  (component): component is DatabaseUser => FACTS[component].needsDatabase,
);

/** Whether the resource asks for a component. */
export function isPresent(component: Component, spec: TaskAssistantSpec): boolean {
  return FACTS[component].present(spec);
}

/** The kind that runs a component's pods. */
export function kindOf(component: Component): Facts["kind"] {
  return FACTS[component].kind;
}
