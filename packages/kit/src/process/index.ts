/** What every program is made of: its environment, its log, its health and the way it ends. */
export { describeEnv, EnvError, type EnvProblem, type EnvRow, parseEnv, redactEnv } from "./env.ts";
export {
  countField,
  databaseFields,
  instanceFields,
  listField,
  logLevelField,
  portField,
  quotaFields,
  quotasOf,
  serviceFields,
  urlField,
} from "./env-fields.ts";
export { type HealthDeps, type HealthServer, startHealthServer } from "./health.ts";
export { createLogger, type Logger } from "./logger.ts";
export { runMain } from "./run-main.ts";
export { runUntilSignal, stopInOrder } from "./stop-in-order.ts";
