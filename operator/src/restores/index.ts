/** TaskAssistantRestores: each stops the services of its target, replaces the data and lets them start. Start at decide.ts. */
export { type RestoreDeps, restoreController } from "./controller.ts";
