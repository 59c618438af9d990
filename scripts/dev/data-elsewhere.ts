import { createHash } from "node:crypto";
import { join } from "node:path";

/** Holds the databases of checkouts that PostgreSQL's user can't enter, one folder each. */
export const DATA_ELSEWHERE = "/var/lib/taskassistant-dev";

/** The folder of one checkout. @param cache its `.cache/dev` */
export function dataElsewhere(cache: string): string {
  return join(DATA_ELSEWHERE, createHash("sha256").update(cache).digest("hex").slice(0, 12));
}
