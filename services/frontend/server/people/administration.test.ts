import { createLogger } from "@taskassistant/kit/process";
import type { Pool } from "pg";
import { expect, it } from "vitest";
import type { Sessions } from "../sessions/sessions.ts";
import { createAdministration } from "./administration.ts";
import { createRecord } from "./audit.ts";
import type { Links } from "./links.ts";
import type { People } from "./people.ts";

const ORIGIN = "https://tasks.test";
const SECRET = "x".repeat(43);
const LINK = { id: "link-1", url: `${ORIGIN}/join#${SECRET}` };

it.each(["/invitations", "/ann/password-link"])(
  "the log and the audit of POST /api/people%s name the link and never its address",
  async (path) => {
    const lines: string[] = [];
    const stored: unknown[] = [];
    const log = createLogger({ name: "test", level: "trace", destination: { write: (line) => void lines.push(line) } });
    const pool = { query: async (_: string, row: unknown) => void stored.push(row) } as unknown as Pool;
    const links = { invite: async () => LINK, passwordLink: async () => LINK } as unknown as Links;
    const session = { id: "s", userId: "owner", expiresAt: new Date() };
    const administration = createAdministration({
      people: { isAdministrator: async () => true } as unknown as People,
      links,
      sessions: { ofRequest: async () => session } as unknown as Sessions,
      origins: [ORIGIN],
      withinLimit: async () => true,
      record: createRecord(pool, log),
    });
    const request = new Request(`${ORIGIN}/api/people${path}`, { method: "POST", headers: { origin: ORIGIN } });
    const response = await administration(request, "request-1");
    expect(await response.json()).toEqual(LINK);
    for (const text of [lines.join(""), JSON.stringify(stored)]) {
      expect(text).toContain(LINK.id);
      expect(text).not.toContain(SECRET);
    }
  },
);
