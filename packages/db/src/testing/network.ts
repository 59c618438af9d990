import { appendFile, chown, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { UnixUser } from "./unprivileged.ts";

/** How clients outside this machine's loopback reach a server. */
export interface NetworkOptions {
  /** An address of this machine to listen on as well. */
  address: string;
  /** Certificate and key, PEM. With them, clients from elsewhere have to use TLS. */
  tls?: { cert: string; key: string };
}

/** Opens a server that has not started yet to the network. Every client needs a password. */
export async function openToNetwork(data: string, { tls }: NetworkOptions, user: UnixUser | undefined): Promise<void> {
  const rule = `${tls ? "hostssl" : "host"} all all all scram-sha-256\n`;
  await appendFile(join(data, "pg_hba.conf"), rule);
  if (!tls) return;
  for (const [name, content] of [
    ["server.crt", tls.cert],
    ["server.key", tls.key],
  ] as const) {
    // The server refuses a key that others may read.
    await writeFile(join(data, name), content, { mode: 0o600 });
    if (user) await chown(join(data, name), user.uid, user.gid);
  }
  await appendFile(join(data, "postgresql.conf"), "ssl = on\n");
}
