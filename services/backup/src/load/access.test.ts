import { roleNames } from "@taskassistant/db";
import { expect, it } from "vitest";
import { accessFor } from "./access.ts";

const SQL = `GRANT USAGE ON SCHEMA app TO ta_0000000a_app;
CREATE POLICY trashed_rows ON app.task TO ta_0000000a_maintenance USING ((deleted_at IS NOT NULL));
GRANT SELECT ON TABLE app.task TO reporting;
GRANT SELECT ON TABLE app.task TO "Reader" WITH GRANT OPTION;
REVOKE ALL ON FUNCTION app.add_usage(owner text) FROM PUBLIC;`;

it("grants and policies name the target's roles; grants to roles that are not there are left out and told", () => {
  const { statements, leftOut } = accessFor(SQL, roleNames("0000000a"), roleNames("0000000b"), ["Reader"]);
  expect(statements).toBe(`GRANT USAGE ON SCHEMA app TO ta_0000000b_app;
CREATE POLICY trashed_rows ON app.task TO ta_0000000b_maintenance USING ((deleted_at IS NOT NULL));
GRANT SELECT ON TABLE app.task TO "Reader" WITH GRANT OPTION;
REVOKE ALL ON FUNCTION app.add_usage(owner text) FROM PUBLIC;`);
  expect(leftOut).toEqual(["GRANT SELECT ON TABLE app.task TO reporting;"]);
});
