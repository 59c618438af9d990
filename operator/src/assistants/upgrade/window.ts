import { Cron } from "croner";
import type { TaskAssistantSpec } from "../../api/taskassistants/v1alpha1/index.ts";
import { seconds } from "../desired/index.ts";

type Window = NonNullable<TaskAssistantSpec["upgrade"]["window"]>;

/** When upgrades may begin: `open`, or the time at which the window opens next, if ever. */
export type WindowState = "open" | { readonly opens: Date | undefined };

/** The state of a window. Throws what `windowProblem` describes. */
export function windowState(window: Window | undefined, now: Date): WindowState {
  if (window === undefined) return "open";
  const openings = cron(window);
  const lastOpening = openings.nextRun(new Date(now.getTime() - seconds(window.duration) * 1000 - 1));
  if (lastOpening !== null && lastOpening <= now) return "open";
  return { opens: openings.nextRun(now) ?? undefined };
}

/** Why a window can't be used; undefined if it can. */
export function windowProblem(window: Window | undefined): string | undefined {
  if (window === undefined) return undefined;
  try {
    cron(window).nextRun();
    return undefined;
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).replace(/^Cron\w+: /, "");
  }
}

function cron({ schedule, timeZone }: Window): Cron {
  return new Cron(schedule, { timezone: timeZone, mode: "5-part", paused: true });
}
