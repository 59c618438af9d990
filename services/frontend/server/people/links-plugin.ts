import type { OpenedLink } from "@taskassistant/contracts";
import { LINK_REFUSALS } from "@taskassistant/contracts/link-refusals";
import { LINK_PAGES, type LinkKind } from "@taskassistant/contracts/links";
import { APIError, createAuthEndpoint } from "better-auth/api";
import { z } from "zod";
import type { PasswordPolicy } from "../auth/password-policy.ts";
import { addressOf, nameOf } from "../auth/person-input.ts";
import { requireGoodPassword } from "../auth/require-good-password.ts";
import type { RecordAdministration } from "./audit.ts";
import { LinkError, type Links } from "./links.ts";
import { AddressTakenError, type LinkUses } from "./use-link.ts";

interface LinksPluginDeps {
  links: Links;
  uses: LinkUses;
  passwords: PasswordPolicy;
  record: RecordAdministration;
}

/** Everything is checked by hand, because Better Auth would answer with the validator's own words. */
const body = z.record(z.string(), z.unknown()).optional();
const options = { method: "POST", body } as const;

/** Maximum number of requests per minute from one IP address. A secret has 256 bits, so this saves work, not secrets. */
export const LINK_LIMITS = {
  "/link/open": { window: 60, max: 60 },
  "/link/join": { window: 60, max: 20 },
  "/link/password": { window: 60, max: 20 },
} as const;

/**
 * The routes of the pages that one-time links open. Opening such a page, as a preview of a chat program does, uses no link:
 * the secret stands behind `#`, which is not sent, and the page sends it in the body of these requests.
 */
export const linksPlugin = ({ links, uses, passwords, record }: LinksPluginDeps) => ({
  id: "links" as const,
  endpoints: {
    openLink: createAuthEndpoint("/link/open", options, async (context) => {
      const { secret, kind } = context.body ?? {};
      const { email, name } = await refused(links.open(secretOf(secret), kindOf(kind)));
      return context.json({ kind: kindOf(kind), email, name } satisfies OpenedLink);
    }),
    joinByLink: createAuthEndpoint("/link/join", options, async (context) => {
      requireOwnOrigin(context);
      const given = context.body ?? {};
      const secret = secretOf(given.secret);
      const link = await refused(links.open(secret, "invitation"));
      const name = nameOf(given.name);
      const email = link.email ?? addressOf(given.email);
      const password = textOf(given.password);
      await requireGoodPassword(passwords, password, { email, name });
      const passwordHash = await context.context.password.hash(password);
      const joined = await refused(uses.join(secret, { name, email, passwordHash }));
      await record({ by: joined.id, on: joined.id, link: joined.link, action: "join by link", outcome: "allowed" });
      return context.json({ email: joined.email });
    }),
    setPasswordByLink: createAuthEndpoint("/link/password", options, async (context) => {
      requireOwnOrigin(context);
      const given = context.body ?? {};
      const secret = secretOf(given.secret);
      const { email, name } = await refused(links.open(secret, "password"));
      const password = textOf(given.password);
      await requireGoodPassword(passwords, password, { email: email ?? undefined, name: name ?? undefined });
      const passwordHash = await context.context.password.hash(password);
      const changed = await refused(uses.setPassword(secret, passwordHash));
      const about = { by: changed.id, on: changed.id, link: changed.link };
      await record({ ...about, action: "set password by link", outcome: "allowed" });
      return context.json({ email: changed.email });
    }),
  },
});

/** A link is used from our own pages only, as everything that changes something. */
function requireOwnOrigin({ request, context }: OriginContext): void {
  const origin = request?.headers.get("origin") ?? "";
  if (origin !== "" && context.isTrustedOrigin(origin)) return;
  throw new APIError("FORBIDDEN", { code: "INVALID_ORIGIN", message: "Open the link at the assistant's own address." });
}

interface OriginContext {
  request?: Request | undefined;
  context: { isTrustedOrigin(url: string): boolean };
}

/** Turns what keeps a link from being used into an answer. */
async function refused<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof LinkError) {
      const status = error.code === "LINK_UNKNOWN" ? "NOT_FOUND" : "GONE";
      throw new APIError(status, { code: error.code, message: LINK_REFUSALS[error.code] });
    }
    if (error instanceof AddressTakenError) {
      const message = "An account with this email address already exists. Sign in instead.";
      throw new APIError("UNPROCESSABLE_ENTITY", { code: "USER_ALREADY_EXISTS", message });
    }
    throw error;
  }
}

function secretOf(value: unknown): string {
  const text = textOf(value);
  if (/^[\w-]{43}$/.test(text)) return text;
  throw new APIError("NOT_FOUND", { code: "LINK_UNKNOWN", message: LINK_REFUSALS.LINK_UNKNOWN });
}

function kindOf(value: unknown): LinkKind {
  return typeof value === "string" && Object.hasOwn(LINK_PAGES, value) ? (value as LinkKind) : "invitation";
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
