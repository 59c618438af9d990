/** TaskAssistantBackups: each is one Job that stores a backup, and perhaps one that verifies it. Start at controller.ts. */
export { type BackupDeps, backupController } from "./controller.ts";
export { type SchedulerDeps, scheduleController } from "./schedule/controller.ts";
