import { type Harness, startHarness } from "../../services/api/test/harness/harness.ts";
import { withModel } from "../../services/api/test/harness/with-model.ts";
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
    const through: GatewayHarness["through"] = async (
      name,
      { key = gateway.key, path = "/v1", maxRetries = 1 } = {},
    ) => {
      const model = { timeoutSeconds: 60, maxRetries, name, baseURL: `${gateway.url}${path}`, apiKey: key };
      const { harness, stop } = await withModel(direct, { model });
      open.push(stop);
      return harness;
    };
    return { gateway, direct, through, close };
  } catch (error) {
    await close();
    throw error;
  }
}
