import { cluster } from "./assistants.ts";

/** Runs SQL in the pod of a Managed database, as its superuser: row-level security hides nothing here. */
export async function sql(namespace: string, name: string, text: string): Promise<string[][]> {
  const psql = ["psql", "-X", "-U", "postgres", "-d", "taskassistant", "-v", "ON_ERROR_STOP=1", "-At", "-F", "\t"];
  const { kubectl } = cluster();
  const out = await kubectl("--namespace", namespace, "exec", `${name}-db-0`, "-c", "db", "--", ...psql, "-c", text);
  return out
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split("\t"));
}

/** A fingerprint of all that users own: equal before and after means that nothing was written. */
export async function userDataDigest(namespace: string, name: string): Promise<string> {
  const tables = ["task", "conversation", "message"];
  const parts = tables.map((table) => `(select md5(string_agg(t::text, '|' order by t::text)) from app.${table} t)`);
  const [[digest = ""] = []] = await sql(namespace, name, `select concat_ws(' ', ${parts.join(", ")})`);
  if (digest === "") throw new Error("there is nothing to compare");
  return digest;
}

/** Rows of the audit since `after` (an id), oldest first. */
export async function auditSince(namespace: string, name: string, after: number) {
  const text = `select action, outcome, coalesce(reason, ''), actor from app.audit where id > ${after} order by id`;
  const rows = await sql(namespace, name, text);
  return rows.map(([action, outcome, reason, actor]) => ({ action, outcome, reason, actor }));
}

/** The id of the newest row of the audit. */
export async function auditMark(namespace: string, name: string): Promise<number> {
  const [[id = "0"] = []] = await sql(namespace, name, "select coalesce(max(id), 0) from app.audit");
  return Number(id);
}
