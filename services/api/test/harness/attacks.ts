import { type Method, type ParamKind, pathOf, ROUTES, type RouteEntry } from "@taskassistant/contracts/routes";

/** A request that tries one route of the API. */
export interface Attack {
  readonly route: RouteEntry;
  readonly method: Method;
  readonly path: string;
  readonly body: object | undefined;
}

/** A valid request to every route that needs a token, with these values in its path. */
export function attackEveryRoute(values: { user: string; task: string; project?: string; tag?: string }): Attack[] {
  const byKind: Record<ParamKind, string> = {
    project: "p_000000000000",
    tag: "g_000000000000",
    conversation: "00000000-0000-4000-8000-000000000000",
    ...values,
  };
  const routes: readonly RouteEntry[] = Object.values(ROUTES);
  return routes
    .filter((route) => route.scope !== null)
    .map((route) => {
      const params = Object.fromEntries(Object.entries(route.params).map(([name, kind]) => [name, byKind[kind]]));
      return { route, method: route.method, path: pathOf(route, params), body: route.body?.example };
    });
}
