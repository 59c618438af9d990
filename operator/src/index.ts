/** What other parts of the project use of the operator: the API types, and the operator itself for tests. */
export type { Condition, TaskAssistant, TaskAssistantSpec, TaskAssistantStatus } from "./api/v1alpha1/index.ts";
export { taskAssistantResource } from "./api/v1alpha1/index.ts";
export { type OperatorEnv, operatorEnv } from "./config.ts";
export { type OperatorDeps, runOperator } from "./operator.ts";
export { BUNDLED_VERSION, CATALOGUE, type ReleaseImages } from "./releases/index.ts";
