export { respondAsDemo } from "./demo/respond.ts";
export { readScript, respondByScript, type Script, scriptSchema } from "./script/script.ts";
export {
  buildModelServer,
  type JournalEntry,
  type ModelServer,
  type ModelServerOptions,
  type Respond,
} from "./server.ts";
export { type ModelMessage, type ModelRequest, textOf, toolNames } from "./wire/request.ts";
export type { Step } from "./wire/steps.ts";
