import { missingForBackup } from "../../../../scripts/test/backup/install.ts";

/** Installs the servers and programs of the tests before the first one. */
export async function setup(): Promise<void> {
  const missing = await missingForBackup((line) => console.log(line));
  if (missing !== undefined) throw new Error(missing);
}
