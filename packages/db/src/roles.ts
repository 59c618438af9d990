/** The database roles of one assistant. Roles are server-wide, so their names carry the instance's id. */
export interface RoleNames {
  /** NOLOGIN, owns both schemas and everything in them. */
  owner: string;
  /** The frontend's login: rows of schema `auth`, nothing else. */
  auth: string;
  /** The login of API and MCP server: rows of schema `app`, nothing else. */
  app: string;
  /** The login of the maintenance job: deletes what has expired, and reads no text of anybody. */
  maintenance: string;
}

/** Role names of an instance. Throws RangeError unless the id is 8 lower-case hexadecimal digits. */
export function roleNames(instanceId: string): RoleNames {
  if (!/^[0-9a-f]{8}$/.test(instanceId)) {
    throw new RangeError(`instance id '${instanceId}' is not 8 lower-case hexadecimal digits`);
  }
  const role = (name: string) => `ta_${instanceId}_${name}`;
  return { owner: role("owner"), auth: role("auth"), app: role("app"), maintenance: role("maintenance") };
}

/** The roles that log in. They own nothing and can create nothing. */
export function loginsOf(roles: RoleNames): readonly string[] {
  return [roles.auth, roles.app, roles.maintenance];
}
