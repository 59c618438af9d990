import { Cron } from "croner";
import type { BackupPolicy } from "./policy.ts";

/** When backups are made. */
type Schedule = Pick<BackupPolicy, "schedule" | "timeZone">;

/** Why a schedule can't be used; undefined if it can, or if there is none. */
export function scheduleProblem(policy: Schedule | undefined): string | undefined {
  if (policy?.schedule === undefined) return undefined;
  try {
    return nextRun(policy, new Date(0)) === undefined ? "it names no time" : undefined;
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).replace(/^Cron\w+: /, "").replace(/\.$/, "");
  }
}

/** The first time of the schedule after `after`; undefined without a schedule. Throws what `scheduleProblem` describes. */
export function nextRun({ schedule, timeZone = "UTC" }: Schedule, after: Date): Date | undefined {
  if (schedule === undefined) return undefined;
  return new Cron(schedule, { timezone: timeZone, mode: "5-part", paused: true }).nextRun(after) ?? undefined;
}

const MINUTE_MS = 60_000;

/** What decides when the next backup of the schedule is due. */
export interface ScheduleView {
  readonly assistant: string;
  readonly policy: BackupPolicy | undefined;
  /** The resource as a whole is suspended. */
  readonly suspended: boolean;
  /** What was recorded as the next time. */
  readonly recorded: string | undefined;
  /** Names of the backups that exist. */
  readonly names: ReadonlySet<string>;
  readonly now: Date;
}

/**
 * When the schedule makes the next backup. The recorded time counts until its backup exists, also when it is long past, so that
 * a run that was missed is made up for, once. Undefined without a schedule, while it rests, or when it can't be used.
 */
export function nextBackup({ assistant, policy, suspended, recorded, names, now }: ScheduleView): Date | undefined {
  if (policy?.schedule === undefined || policy.suspend || suspended || scheduleProblem(policy) !== undefined)
    return undefined;
  const due = recorded === undefined ? undefined : new Date(recorded);
  if (due !== undefined && due <= now && isRun(policy, due) && !names.has(scheduledName(assistant, due))) return due;
  return nextRun(policy, now);
}

/** Whether this is a time of the schedule. It is not one any more when the schedule was changed. */
function isRun(schedule: Schedule, at: Date): boolean {
  return nextRun(schedule, new Date(at.getTime() - MINUTE_MS))?.getTime() === at.getTime();
}

/** Name of the backup that the schedule makes at this time. It is the same after a restart, so there is never a second one. */
export function scheduledName(assistant: string, at: Date): string {
  const [date = "", time = ""] = at.toISOString().split("T");
  return `${assistant}-${date.replaceAll("-", "")}-${time.slice(0, 5).replace(":", "")}`;
}
