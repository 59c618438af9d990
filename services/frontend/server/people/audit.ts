import { type AdministrationEntry, appendAdministrationAudit, type Log } from "@taskassistant/db";
import type { Pool } from "pg";

/** Records what was done to accounts and links, or refused. It never throws and returns soon. */
export type RecordAdministration = (entry: AdministrationEntry) => Promise<void>;

/** Records in the database, where nobody can change it, and in the log, which names people by their ids. */
export function createRecord(pool: Pool, log: Log): RecordAdministration {
  return async (entry) => {
    const { requestId, ...fields } = entry;
    log.info({ ...fields, ...(requestId === undefined ? {} : { request_id: requestId }) }, "administration");
    await appendAdministrationAudit(pool, entry, log);
  };
}
