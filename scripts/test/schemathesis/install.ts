import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { errorText } from "@taskassistant/cluster/machine";
import { ensurePinned, folderOf, type Pinned } from "../python/pinned.ts";

const SCHEMATHESIS: Pinned = {
  requirements: fileURLToPath(new URL("requirements.txt", import.meta.url)),
  what: "schemathesis (pip install, about 60 MB, once per requirements file)",
  module: "schemathesis",
};

/** The command `schemathesis` of the pinned packages. */
export const schemathesisProgram = (): string => join(folderOf(SCHEMATHESIS), "bin/schemathesis");

/** Why the API can't be checked against its document here. Undefined if it can; installs what is needed. */
export async function missingForSchemathesis(log: (line: string) => void): Promise<string | undefined> {
  try {
    await ensurePinned(SCHEMATHESIS, log);
    return undefined;
  } catch (error) {
    return errorText(error);
  }
}
