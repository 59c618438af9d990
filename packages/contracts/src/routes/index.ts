/** The table of the API's routes. Imports no schemas, so that a browser can use it. */

export { ROUTE_IDS, ROUTES, type RouteId } from "./api-routes.ts";
export {
  createRouteFinder,
  type FindRoutes,
  methodsOf,
  namesUser,
  type PathValues,
  pathOf,
  patternOf,
} from "./paths.ts";
export type { Method, ParamKind, RouteBody, RouteEntry } from "./route.ts";
