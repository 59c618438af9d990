import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";

const secretsSchema = z.object({
  instanceId: z.string(),
  authSecret: z.string(),
  exchangeClientSecret: z.string(),
  passwords: z.object({ auth: z.string(), app: z.string() }),
});

export type Secrets = z.output<typeof secretsSchema>;

/** Secrets of this checkout. They are created once and kept, since the database's contents depend on them. */
export async function devSecrets(file: string): Promise<Secrets> {
  const kept = await readFile(file, "utf8").catch(() => undefined);
  if (kept !== undefined) return secretsSchema.parse(JSON.parse(kept));
  const secret = () => randomBytes(32).toString("base64url");
  const secrets: Secrets = {
    instanceId: randomBytes(4).toString("hex"),
    authSecret: secret(),
    exchangeClientSecret: secret(),
    passwords: { auth: secret(), app: secret() },
  };
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  return secrets;
}
