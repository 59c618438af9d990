import type { ROUTES, RouteId } from "@taskassistant/contracts/routes";
import type { Route } from "../routing/route.ts";
import { chatRoutes } from "./chat.ts";
import { conversationRoutes } from "./conversations.ts";
import { exportRoutes } from "./export.ts";
import { labelRoutes } from "./labels.ts";
import { meRoutes } from "./me.ts";
import { taskRoutes } from "./tasks.ts";
import { trashRoutes } from "./trash.ts";

/** The routes that need a token. */
type GuardedRouteId = { [Id in RouteId]: (typeof ROUTES)[Id]["scope"] extends null ? never : Id }[RouteId];

/** The handler of every route that needs a token, in the order of the OpenAPI document. A missing one does not compile. */
export const GUARDED_ROUTES: Readonly<Record<GuardedRouteId, Route>> = {
  ...meRoutes,
  ...conversationRoutes,
  ...chatRoutes,
  ...taskRoutes,
  ...labelRoutes,
  ...trashRoutes,
  ...exportRoutes,
};
