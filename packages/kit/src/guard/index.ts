/** Guards an HTTP server of Node.js against clients that take the service from others. Loads no package. */
export { type Budget, type BudgetOptions, createBudget } from "./budget.ts";
export type { Drain, DrainOptions } from "./drain.ts";
export { type GuardLimits, type GuardOptions, guardServer } from "./guard.ts";
export { type BodyPlace, createHoldBody, type HoldBody } from "./hold-body.ts";
export { type JsonSize, jsonSize } from "./json-size.ts";
export { createResponseBudget, createResponseRoom, type ResponseRoom } from "./response-room.ts";
