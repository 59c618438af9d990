import { readFile } from "node:fs/promises";

/** The user that runs the server. */
export interface UnixUser {
  uid: number;
  gid: number;
}

/**
 * PostgreSQL refuses to run as root and wants its user to have a passwd entry. As root: `postgres` where it exists,
 * else `nobody`, which every Linux has.
 */
export async function unprivilegedUser(): Promise<UnixUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const lines = (await readFile("/etc/passwd", "utf8")).split("\n").map((line) => line.split(":"));
  for (const name of ["postgres", "nobody"]) {
    const entry = lines.find((fields) => fields[0] === name);
    if (entry) return { uid: Number(entry[2]), gid: Number(entry[3]) };
  }
  throw new Error("PostgreSQL can't run as root and /etc/passwd has neither postgres nor nobody; run as another user");
}
