import { createHash } from "node:crypto";
import { join } from "node:path";

/** Contains one database folder for each checkout that PostgreSQL's user can't enter. */
export const DATA_ELSEWHERE = "/var/lib/taskassistant-dev";

/** The folder of one checkout. @param cache its `.cache/dev` */
export function dataElsewhere(cache: string): string {
  return join(DATA_ELSEWHERE, createHash("sha256").update(cache).digest("hex").slice(0, 12));
}
