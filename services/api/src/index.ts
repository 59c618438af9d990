export { type Api, type ApiDeps, buildApi } from "./build-api.ts";
export { type Env, envSchema } from "./env.ts";
export { renderOpenApi } from "./http/app.ts";
