import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { errorText } from "@taskassistant/cluster/machine";
import { ensurePinned, folderOf, type Pinned } from "../python/pinned.ts";

const LITELLM: Pinned = {
  requirements: fileURLToPath(new URL("requirements.txt", import.meta.url)),
  what: "the LiteLLM proxy (pip install, about 250 MB, once per requirements file)",
  module: "litellm",
};

/** The command `litellm` of the pinned packages. */
export const liteLlmProgram = (): string => join(folderOf(LITELLM), "bin/litellm");

/** Why the tests of the gateway can't run here. Undefined if they can; installs what they need. */
export async function missingForGateway(log: (line: string) => void): Promise<string | undefined> {
  try {
    await ensurePinned(LITELLM, log);
    return undefined;
  } catch (error) {
    return errorText(error);
  }
}
