import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { clientsForArchive, clientsForServer, installedClients } from "./clients.ts";

const folder = await mkdtemp(join(tmpdir(), "clients-"));
afterAll(() => rm(folder, { recursive: true }));
for (const name of ["18", "17", "notes"]) await mkdir(join(folder, name, "bin"), { recursive: true });
const clients = await installedClients(folder);

it("the programs are found by their folder's name, oldest first", () => {
  expect(clients.map(({ major }) => major)).toEqual([17, 18]);
  expect(clients[0]?.pgDump).toBe(join(folder, "17/bin/pg_dump"));
});

it.each([
  [16, 17],
  [17, 17],
  [18, 18],
])("a server of version %i is read by pg_dump %i", (server, major) => {
  expect(clientsForServer(clients, server).major).toBe(major);
});

it.each([
  [15, "ServerTooOld"],
  [19, "ServerTooNew"],
])("a server of version %i is refused: %s", (server, reason) => {
  expect(() => clientsForServer(clients, server)).toThrow(expect.objectContaining({ reason }));
});

it("an archive of a newer pg_dump than there is, and an image without one, are refused with what there is", () => {
  expect(clientsForArchive(clients, 17).major).toBe(17);
  expect(() => clientsForArchive(clients, 19)).toThrow(/pg_dump 19.*PostgreSQL 16 to 18/);
  expect(() => clientsForServer([], 17)).toThrow("no pg_dump");
});
