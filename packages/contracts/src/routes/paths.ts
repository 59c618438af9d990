import { ROUTES } from "./api-routes.ts";
import type { Method, RouteEntry } from "./route.ts";

const PARAM = /\{(\w+)\}/g;

/** One segment of a path without dots, escapes or separators, so that no other path can hide in it. */
const SEGMENT = "[A-Za-z0-9_-]{1,64}";

/** The values a path needs: one for each of its parameters. */
export type PathValues<Route extends RouteEntry> = { readonly [Name in keyof Route["params"]]: string };

/** The path of a route with the values in their places, percent-encoded. */
export function pathOf<Route extends RouteEntry>(route: Route, values: PathValues<Route>): string {
  const byName: Readonly<Record<string, string>> = values;
  return route.path.replace(PARAM, (_whole, name: string) => encodeURIComponent(byName[name] ?? ""));
}

/** Matches the paths of a route and nothing that could be read as another path. */
export function patternOf(route: RouteEntry): RegExp {
  const literal = (text: string) => text.replace(/[.*+?^$()|[\]\\]/g, "\\$&");
  return new RegExp(`^${literal(route.path).replace(PARAM, SEGMENT)}$`);
}

/** Whether the path names a user, who then must be the user of the token. */
export function namesUser(route: RouteEntry): boolean {
  return Object.values(route.params).includes("user");
}

/** The routes a path leads to, one for each method; empty when the API has no such path. */
export type FindRoutes = (pathname: string) => readonly RouteEntry[];

/** Prepares the look-up of routes by path. */
export function createRouteFinder(routes: readonly RouteEntry[] = Object.values(ROUTES)): FindRoutes {
  const entries = routes.map((route) => ({ route, pattern: patternOf(route) }));
  return (pathname) => entries.filter(({ pattern }) => pattern.test(pathname)).map(({ route }) => route);
}

/** The methods of routes, in the order of the table. */
export function methodsOf(routes: readonly RouteEntry[]): readonly Method[] {
  return [...new Set(routes.map((route) => route.method))];
}
