import type { RoleNames } from "@taskassistant/db";

/** The statements about access with the target's roles, and those that name a role the server does not have. */
export interface Access {
  readonly statements: string;
  /** Left out: grants that a person made to a role of another server. */
  readonly leftOut: readonly string[];
}

/**
 * Turns the source's roles into the target's. It sees grants, policies and switches of row-level security alone, so that no
 * data can be taken for a role.
 */
export function accessFor(sql: string, from: RoleNames, to: RoleNames, existing: readonly string[]): Access {
  const names = new Map(Object.entries(from).map(([key, role]) => [role, to[key as keyof RoleNames]]));
  const mapped = sql.replace(/\bta_[0-9a-f]{8}_[a-z]+\b/g, (role) => names.get(role) ?? role);
  const known = new Set([...existing, ...Object.values(to), "PUBLIC"]);
  const leftOut: string[] = [];
  const kept = mapped.split("\n").filter((line) => {
    const role = /^(?:GRANT|REVOKE) .* (?:TO|FROM) (?:"([^"]+)"|(\w+))(?: WITH GRANT OPTION)?;$/.exec(line);
    const grantee = role?.[1] ?? role?.[2];
    if (grantee === undefined || known.has(grantee)) return true;
    leftOut.push(line);
    return false;
  });
  return { statements: kept.join("\n"), leftOut };
}
