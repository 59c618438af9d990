import { createLogger } from "@taskassistant/kit/process";
import { expect, it } from "vitest";
import type { Sessions } from "../sessions/sessions.ts";
import { createAdministration } from "./administration.ts";
import type { Links } from "./links.ts";
import type { People } from "./people.ts";

const ORIGIN = "https://tasks.test";
const SECRET = "x".repeat(43);
const LINK = { id: "link-1", url: `${ORIGIN}/join#${SECRET}` };

it.each(["/invitations", "/ann/password-link"])(
  "the log of POST /api/people%s names the link and never its address",
  async (path) => {
    const lines: string[] = [];
    const links = { invite: async () => LINK, passwordLink: async () => LINK } as unknown as Links;
    const session = { id: "s", userId: "owner", expiresAt: new Date() };
    const administration = createAdministration({
      people: { isAdministrator: async () => true } as unknown as People,
      links,
      sessions: { ofRequest: async () => session } as unknown as Sessions,
      origins: [ORIGIN],
      withinLimit: async () => true,
      log: createLogger({ name: "test", level: "trace", destination: { write: (line) => void lines.push(line) } }),
    });
    const request = new Request(`${ORIGIN}/api/people${path}`, { method: "POST", headers: { origin: ORIGIN } });
    const response = await administration(request, "request-1");
    expect(await response.json()).toEqual(LINK);
    expect(lines.join("")).toContain(LINK.id);
    expect(lines.join("")).not.toContain(SECRET);
  },
);
