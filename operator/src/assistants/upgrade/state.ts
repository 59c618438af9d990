import { isOlder, type Path, pathTo } from "../../releases/index.ts";
import type { Component } from "../desired/index.ts";
import { type Hold, holdOf, wishedVersion } from "./holds.ts";
import { currentStep, elapsedMs, isActive, type StepName, timestamp, type UpgradeRecord } from "./record.ts";
import { afterFailure, rollBack, rollingBack } from "./rollback.ts";
import { isMoved, stepAfter, stepOf } from "./steps/index.ts";
import { progressLimitMs, type Underway } from "./steps/step.ts";
import { isNewChance, triesSoFar, withoutTries } from "./tries.ts";
import type { UpgradeView } from "./view.ts";

/** What follows for an assistant from its upgrade, or from there being none. */
export interface UpgradeState {
  /** The release that the spec asks for. */
  readonly target: string;
  /** The release that runs; undefined before the first one has run. */
  readonly running: string | undefined;
  /** What the status is to record; undefined when there was no upgrade yet. */
  readonly record: UpgradeRecord | undefined;
  /** Whether pods are on their way to another release, or back. */
  readonly isActive: boolean;
  /** The newest schema that a migration has made. */
  readonly schemaVersion: number;
  /** The release that a part is built from. */
  readonly versionOf: (component: Component) => string;
  /** A release that the operator brings and that the resource does not ask for. */
  readonly newer?: string;
  /** Why the upgrade that the spec asks for does not begin. */
  readonly hold?: Hold;
  /** Milliseconds after which to look again though nothing changes. */
  readonly wakeInMs?: number;
}

/** How often the progress of a step is told. */
const TELL_MS = 10_000;
/** The longest sleep. Longer ones are continued. */
const SLEEP_MAX_MS = 3_600_000;

/**
 * Decides the state of an upgrade from what is recorded and observed. Pure, and the same after a restart at any moment: what it
 * decides is recorded before it is carried out.
 */
export function upgradeState(view: UpgradeView): UpgradeState {
  const { running } = view;
  const target = wishedVersion(view);
  if (running === undefined) return settled(view, target, target);
  const path: Path | undefined =
    target === running ? undefined : pathTo(view.catalogue, { running, target, schema: view.schema });
  const continued = next(view, running, path);
  if (continued !== undefined) return carriedOut(view, target, continued);
  const hold = path && holdOf(view, path);
  if (path === undefined || "refused" in path || hold !== undefined) {
    return { ...settled(view, target, running), ...(hold === undefined ? {} : { hold, ...wake(view, hold) }) };
  }
  return carriedOut(view, target, advanced(view, begun(view, running, path.next)));
}

/**
 * What an upgrade would lead to, for a resource whose children are frozen: nothing begins, and the clock of a step stands still.
 */
export function foreseen(view: UpgradeView): UpgradeState {
  const { record, running, target, versionOf } = upgradeState(view);
  const to = currentStep(record) === undefined ? undefined : record?.to;
  const { stepStartedAt: _, ...stopped } = view.recorded ?? {};
  const kept = isActive(view.recorded) ? stopped : view.recorded;
  return {
    target,
    running: view.running ?? running,
    record: kept,
    isActive: false,
    schemaVersion: view.schema.version,
    versionOf: to === undefined ? versionOf : () => to,
  };
}

/** The record of the upgrade that is under way; undefined when none is, so that another may begin. */
function next(view: UpgradeView, running: string, path: Path | undefined): UpgradeRecord | undefined {
  const { recorded } = view;
  const wanted = path !== undefined && "next" in path ? path.next : running;
  if (currentStep(recorded) !== undefined) {
    const underway = { ...recorded, from: running } as Underway;
    if (wanted === underway.to) return advanced(view, underway);
    // The spec has another wish: it counts at once.
    return wanted === running ? rollBack(view, { ...withoutCause(underway), reason: "Cancelled" }) : undefined;
  }
  if (recorded?.step !== "RollingBack" && recorded?.step !== "Failed") return undefined;
  const isOtherWish = wanted !== running && wanted !== recorded.to;
  const isTriedAgain = recorded.step === "Failed" && wanted !== running && isNewChance(recorded, view.generation);
  if (isOtherWish || isTriedAgain) return undefined;
  return rollingBack(view, recorded);
}

function begun({ recorded, generation, now }: UpgradeView, from: string, to: string): Underway {
  return {
    step: "Preflight",
    from,
    to,
    startedAt: timestamp(now),
    stepStartedAt: timestamp(now),
    ...triesSoFar(recorded, to, generation),
    ...(recorded?.rollbacks === undefined ? {} : { rollbacks: recorded.rollbacks }),
  };
}

/** Goes through the steps that are done, to the first that is not. */
function advanced(view: UpgradeView, from: Underway): UpgradeRecord {
  let upgrade = from;
  for (;;) {
    const name = currentStep(upgrade);
    if (name === undefined) return upgrade;
    if (view.spec.suspend || view.restoring !== undefined) {
      const { stepStartedAt: _, ...stopped } = upgrade;
      return stopped;
    }
    upgrade = { ...upgrade, stepStartedAt: upgrade.stepStartedAt ?? timestamp(view.now) };
    const step = stepOf(name);
    upgrade = step.entered?.(view, upgrade) ?? upgrade;
    const state = step.state(view, upgrade);
    if (state === "failed") return afterFailure(view, upgrade, "StepFailed");
    if (state === "waiting") {
      const isLate = (elapsedMs(upgrade.stepStartedAt, view.now) ?? 0) >= step.limitMs(view.spec);
      return isLate ? afterFailure(view, upgrade, "DeadlineExceeded") : upgrade;
    }
    const after = stepAfter(name);
    const cleared = withoutCause(upgrade);
    upgrade = {
      ...(after === "Done" ? withoutTries(cleared) : cleared),
      step: after,
      stepStartedAt: timestamp(view.now),
    };
  }
}

function withoutCause(upgrade: Underway): Underway {
  const { reason: _reason, message: _message, failedStep: _failedStep, ...rest } = upgrade;
  return rest;
}

/** No upgrade: everything is built from one release. */
function settled({ recorded, schema, running, catalogue }: UpgradeView, target: string, version: string): UpgradeState {
  const { bundled } = catalogue;
  return {
    ...(running === target && isOlder(running, bundled) ? { newer: bundled } : {}),
    target,
    running,
    record: recorded,
    isActive: false,
    schemaVersion: schema.version,
    versionOf: () => version,
  };
}

function carriedOut(view: UpgradeView, target: string, record: UpgradeRecord): UpgradeState {
  const { running = target, catalogue, schema } = view;
  const step = currentStep(record);
  const isDone = record.step === "Done";
  const to = record.to ?? running;
  const migrated = isDone || (step !== undefined && isAfterMigrate(step));
  return {
    target,
    running: isDone ? to : running,
    record,
    isActive: isActive(record),
    schemaVersion: migrated ? Math.max(schema.version, catalogue.releases[to]?.schema.max ?? 0) : schema.version,
    versionOf: (component) => {
      if (isDone) return to;
      return step !== undefined && isMoved(component, step) ? to : running;
    },
    ...(isActive(record) ? { wakeInMs: Math.min(TELL_MS, progressLimitMs(view.spec)) } : {}),
  };
}

function isAfterMigrate(step: StepName): boolean {
  return step !== "Migrate" && isMoved("migrate", step);
}

function wake({ now }: UpgradeView, hold: Hold): { readonly wakeInMs?: number } {
  const at = hold.kind === "retry" ? hold.at : hold.kind === "window" ? hold.opens : undefined;
  if (at === undefined) return {};
  return { wakeInMs: Math.min(SLEEP_MAX_MS, Math.max(0, Date.parse(at) - now.getTime()) + 1_000) };
}
