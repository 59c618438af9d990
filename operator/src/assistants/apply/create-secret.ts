import { isAlreadyExists } from "../../kube/index.ts";
import { type GeneratedSecret, secretObject } from "../desired/index.ts";
import type { Snapshot } from "../observe/snapshot.ts";
import type { ApplyDeps } from "./apply-child.ts";
import { randomValue } from "./random-value.ts";

/** Creates a generated Secret with new random values. One that exists already keeps its values: it is never overwritten. */
export async function createSecret(
  { client, signal }: Pick<ApplyDeps, "client" | "signal">,
  { assistant }: Snapshot,
  secret: GeneratedSecret,
): Promise<void> {
  try {
    await client.create(secretObject(assistant.metadata, secret, randomValue), { signal });
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
  }
}
