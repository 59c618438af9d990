import { listen } from "@taskassistant/kit/http";
import { createLogger } from "@taskassistant/kit/process";
import { buildApi } from "../../services/api/src/index.ts";
import { type Harness, startHarness } from "../../services/api/test/harness/harness.ts";
import { type LiteLlm, NOWHERE, startLiteLlm } from "./litellm.ts";

/**
 * Model names in LiteLLM's configuration, all served by the demo model. After a failure LiteLLM avoids a name for some
 * seconds, so each test of a failure has its own.
 */
const BEFORE_DEMO = ["demo", "locked", "busy", "long", "gone", "broken", "cut", "filtered"] as const;
export type Name = (typeof BEFORE_DEMO)[number] | "down" | "unknown";

/** The API between real parts, with LiteLLM between it and its model. */
export interface GatewayHarness {
  readonly gateway: LiteLlm;
  /** The harness with the demo model asked directly. */
  readonly direct: Harness;
  /** The harness with an API that asks LiteLLM for this model name. */
  through(name: Name, options?: { key?: string; path?: string; maxRetries?: number }): Promise<Harness>;
  close(): Promise<void>;
}

export const UPSTREAM_KEY = "sk-of-the-model";

export async function startGatewayHarness(): Promise<GatewayHarness> {
  const direct = await startHarness({ model: { apiKey: UPSTREAM_KEY } });
  const open: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const each of open.toReversed()) await each();
    await direct.close();
  };
  try {
    const demo = BEFORE_DEMO.map((name) => ({ name, baseURL: direct.model.url, apiKey: UPSTREAM_KEY }));
    const gateway = await startLiteLlm([...demo, { name: "down", baseURL: `${NOWHERE}/v1`, apiKey: UPSTREAM_KEY }]);
    open.push(gateway.stop);
    const log = createLogger({ name: "gateway", level: "silent" });
    const through: GatewayHarness["through"] = async (
      name,
      { key = gateway.key, path = "/v1", maxRetries = 1 } = {},
    ) => {
      const model = {
        ...direct.deps.model,
        timeoutSeconds: 60,
        maxRetries,
        name,
        baseURL: `${gateway.url}${path}`,
        apiKey: key,
      };
      const api = buildApi({ ...direct.deps, model });
      const listener = await listen({ fetch: api.fetch, port: 0, host: "127.0.0.1", log, drainMs: 0, finishMs: 1_000 });
      open.push(() => listener.stop());
      return { ...direct, api, url: listener.url };
    };
    return { gateway, direct, through, close };
  } catch (error) {
    await close();
    throw error;
  }
}
