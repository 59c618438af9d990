export { type Api, type ApiDeps, buildApi } from "./build-api.ts";
export { renderOpenApi } from "./http/app.ts";
