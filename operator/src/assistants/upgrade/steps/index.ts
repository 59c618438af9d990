import type { Component } from "../../desired/index.ts";
import { STEPS, type StepName } from "../record.ts";
import { backup } from "./backup.ts";
import { migrate } from "./migrate.ts";
import { preflight } from "./preflight.ts";
import type { Step } from "./step.ts";
import { api, frontend, mcp } from "./tier.ts";
import { verify } from "./verify.ts";

const TABLE: { readonly [S in StepName]: Step } = {
  Preflight: preflight,
  Backup: backup,
  Migrate: migrate,
  MCP: mcp,
  API: api,
  Frontend: frontend,
  Verify: verify,
};

export function stepOf(name: StepName): Step {
  return TABLE[name];
}

/** The step after this one; `Done` after the last. */
export function stepAfter(name: StepName): StepName | "Done" {
  return STEPS[STEPS.indexOf(name) + 1] ?? "Done";
}

/** Whether a part is built from the new release while an upgrade is at this step. */
export function isMoved(component: Component, at: StepName): boolean {
  return STEPS.slice(0, STEPS.indexOf(at) + 1).some((step) => TABLE[step].moves.includes(component));
}
