import { listen } from "@taskassistant/kit/http";
import { createLogger } from "@taskassistant/kit/process";
import { type ApiDeps, buildApi } from "../../src/index.ts";
import type { Harness } from "./harness.ts";

/** The harness with another API, which differs by its model and its agent; and how to stop that API. */
export async function withModel(
  h: Harness,
  { model = {}, agent = {} }: { model?: Partial<ApiDeps["model"]>; agent?: Partial<ApiDeps["agent"]> },
): Promise<{ harness: Harness; stop: () => Promise<void> }> {
  const api = buildApi({ ...h.deps, model: { ...h.deps.model, ...model }, agent: { ...h.deps.agent, ...agent } });
  const log = createLogger({ name: "with-model", level: "silent" });
  const listener = await listen({ fetch: api.fetch, port: 0, host: "127.0.0.1", log, drainMs: 0, finishMs: 1_000 });
  return { harness: { ...h, api, url: listener.url }, stop: () => listener.stop() };
}
