const ID = "[A-Za-z0-9_-]{1,64}";

/** The API's surface, the only paths and methods that are passed on. No dot, no escape, no further slash gets through. */
const SURFACE: readonly { path: RegExp; methods: readonly string[] }[] = [
  { path: /^\/api\/chat$/, methods: ["POST"] },
  { path: /^\/api\/conversations$/, methods: ["GET"] },
  { path: new RegExp(`^/api/conversations/${ID}$`), methods: ["GET", "DELETE"] },
  { path: /^\/api\/me$/, methods: ["GET"] },
  { path: /^\/api\/openapi\.json$/, methods: ["GET"] },
  { path: new RegExp(`^/api/${ID}/tasks$`), methods: ["GET", "POST"] },
  { path: new RegExp(`^/api/${ID}/tasks/${ID}$`), methods: ["GET", "PATCH", "DELETE"] },
];

/** The methods a path takes; undefined when the API has no such path. */
export function methodsOf(pathname: string): readonly string[] | undefined {
  return SURFACE.find(({ path }) => path.test(pathname))?.methods;
}
