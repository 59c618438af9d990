import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { freePort } from "@taskassistant/db/testing";
import { liteLlmProgram } from "../../scripts/test/gateway/install.ts";
import { startProgram } from "../program.ts";

/** A running LiteLLM proxy. */
export interface LiteLlm {
  /** Its address, as an administrator writes it into `baseURL`. */
  readonly url: string;
  readonly key: string;
  /** The last of what it printed. */
  output(): string;
  stop(): Promise<void>;
}

/** A name of the gateway's configuration, and the server and key behind it. */
export interface Route {
  readonly name: string;
  readonly baseURL: string;
  readonly apiKey: string;
}

const KEY = "sk-of-the-gateway";
/** A port of this machine where nothing listens. */
export const NOWHERE = "http://127.0.0.1:9";
const READY_MS = 240_000;

/** Starts the proxy with a configuration of these names and waits until it is ready. */
export async function startLiteLlm(routes: readonly Route[]): Promise<LiteLlm> {
  const folder = mkdtempSync(join(tmpdir(), "taskassistant-litellm-"));
  const port = await freePort();
  const config = {
    model_list: routes.map(({ name, baseURL, apiKey }) => ({
      model_name: name,
      litellm_params: { model: "openai/demo", api_base: baseURL, api_key: apiKey },
    })),
    general_settings: { master_key: KEY },
  };
  // JSON is YAML.
  writeFileSync(join(folder, "config.yaml"), JSON.stringify(config));
  const program = liteLlmProgram();
  const url = `http://127.0.0.1:${port}`;
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  try {
    const command = [program, "--config", "config.yaml", "--host", "127.0.0.1", "--port", String(port)] as const;
    const { output, stop } = await startProgram(command, {
      cwd: folder,
      url: `${url}/health/liveliness`,
      readyMs: READY_MS,
      env: {
        PATH: `${dirname(program)}:/usr/bin:/bin`,
        HOME: folder,
        LITELLM_LOCAL_MODEL_COST_MAP: "True",
        LITELLM_MODE: "PRODUCTION",
        PYTHONUNBUFFERED: "1",
        // Nothing that it may want to load from elsewhere leaves the machine.
        ...{ HTTP_PROXY: NOWHERE, HTTPS_PROXY: NOWHERE, NO_PROXY: "127.0.0.1,localhost" },
      },
    });
    return { url, key: KEY, output, stop: () => stop().finally(removeFolder) };
  } catch (error) {
    removeFolder();
    throw error;
  }
}
