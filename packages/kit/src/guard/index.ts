/** Guards an HTTP server of Node.js against clients that take the service from others. Loads no package. */
export { type Budget, type BudgetOptions, createBudget } from "./budget.ts";
export type { Drain, DrainOptions } from "./drain.ts";
export { type GuardLimits, type GuardOptions, guardServer } from "./guard.ts";
export { createResponseBudget, heldResponse } from "./held-response.ts";
