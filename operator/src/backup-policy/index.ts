/** What a TaskAssistant asks of its backups, and how they do. Pure: no clock and no I/O. */
export { type Health, healthOf } from "./health.ts";
export { isFinished, isVerified, lastGood, newestFirst, times } from "./history.ts";
export { type BackupPolicy, folderOf, holds, idOf, VOLUME_MOUNT } from "./policy.ts";
export { nextBackup, nextRun, scheduledName, scheduleProblem } from "./schedule.ts";
