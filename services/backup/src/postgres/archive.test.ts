import { expect, it } from "vitest";
import { sortContents } from "./archive.ts";

const LIST = `;
; Archive created at 2026-01-01
6; 2615 1 SCHEMA - app postgres
210; 1259 2 TABLE app task ta_0000000a_owner
3456; 0 2 TABLE DATA app task ta_0000000a_owner
3300; 2606 3 FK CONSTRAINT app task task_user_id_fkey ta_0000000a_owner
3400; 0 2 ROW SECURITY app task ta_0000000a_owner
3401; 3256 4 POLICY app task own_rows ta_0000000a_owner
3500; 0 0 ACL - SCHEMA app ta_0000000a_owner
3501; 826 5 DEFAULT ACL app DEFAULT PRIVILEGES FOR TABLES ta_0000000a_owner
3502; 2604 6 DEFAULT app audit id ta_0000000a_owner
`;

it("what decides who sees which rows comes after the data, and schemas are made by the restore", () => {
  const { data, access } = sortContents(LIST);
  const idsOf = (text: string) => [...text.matchAll(/^(\d+);/gm)].map(([, id]) => Number(id));
  expect(idsOf(data)).toEqual([210, 3456, 3300, 3502]);
  expect(idsOf(access)).toEqual([3400, 3401, 3500, 3501]);
});
