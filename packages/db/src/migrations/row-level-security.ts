/**
 * The statements that separate the users' rows of a table: row-level security, which binds the owner as well, by the user id
 * that `asUser` sets for one transaction. An unset id is NULL or, on a used connection, an empty text. Both match no row.
 * The sub-select lets PostgreSQL read the setting once per statement instead of once per row.
 */
export function userTable(table: string, appRole: string): string[] {
  const own = `user_id = (select nullif(current_setting('app.user_id', true), ''))`;
  return [
    `alter table ${table} enable row level security`,
    `alter table ${table} force row level security`,
    `create policy own_rows on ${table} using (${own}) with check (${own})`,
    `grant select, insert, update, delete on ${table} to ${appRole}`,
  ];
}
