import { z } from "zod";
import { CURSOR_MAX, PAGE_DEFAULT, PAGE_MAX, QUERY_MAX } from "./limits.ts";
import { LINK_DAYS, LINK_PAGES, type LinkKind, NAME_MAX } from "./links.ts";
import { NO_NUL, withoutNul } from "./text.ts";

/** Whether a person may administer others. */
export const ROLES = ["user", "administrator"] as const;
export const roleSchema = z.enum(ROLES);
export type Role = z.infer<typeof roleSchema>;

/** An address as it is stored and compared. */
export const addressSchema = z
  .string()
  .trim()
  .toLowerCase()
  .max(254, "is longer than 254 characters")
  .pipe(z.email("is not an email address, such as name@example.org"));

/** The name by which the assistant greets a person. */
export const personNameSchema = z
  .string()
  .trim()
  .min(1, "is empty")
  .max(NAME_MAX, `is longer than ${NAME_MAX} characters`)
  .refine(withoutNul, { error: NO_NUL });

/** What an administrator sees of a person: the account, and nothing of what the person does with it. */
export const personSchema = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role: roleSchema,
  disabled: z.boolean(),
  created_at: z.iso.datetime(),
  /** When a session of the person began or was last renewed, which happens once a day. */
  last_seen_at: z.iso.datetime().nullable(),
});
export type Person = z.infer<typeof personSchema>;

/** A page of the list of people, by address. */
export const peoplePageSchema = z.object({
  people: z.array(personSchema),
  /** Of all people, whatever was searched for. */
  total: z.int(),
  next_cursor: z.string().nullable(),
});
export type PeoplePage = z.infer<typeof peoplePageSchema>;

/** Which people to list. */
export const peopleQuerySchema = z.strictObject({
  q: z.string().trim().max(QUERY_MAX).refine(withoutNul, { error: NO_NUL }).optional(),
  cursor: z.string().max(CURSOR_MAX).refine(withoutNul, { error: NO_NUL }).optional(),
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(PAGE_DEFAULT),
});
export type PeopleQuery = z.infer<typeof peopleQuerySchema>;

const linkKinds = Object.keys(LINK_PAGES) as LinkKind[];

/** A link that can still be used. Its secret is known to nobody but its holder. */
export const linkSchema = z.object({
  id: z.string(),
  kind: z.enum(linkKinds),
  /** The address the invitation is for, or of the person who gets a new password; null for an invitation of anybody. */
  email: z.string().nullable(),
  /** The administrator who made it; null for the command. */
  created_by: z.string().nullable(),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
});
export type Link = z.infer<typeof linkSchema>;

/** The answer to making a link: the only one that has its secret. */
export const newLinkSchema = linkSchema.extend({ url: z.url() });
export type NewLink = z.infer<typeof newLinkSchema>;

const days = ({ usual, max }: { usual: number; max: number }) => z.int().min(1).max(max).default(usual);

/** Asks for an invitation, of the person with this address or of anybody. */
export const newInvitationSchema = z.strictObject({
  email: addressSchema.optional(),
  days: days(LINK_DAYS.invitation),
});
export type NewInvitation = z.input<typeof newInvitationSchema>;

/** Asks for a link by which a person sets a new password. */
export const newPasswordLinkSchema = z.strictObject({ days: days(LINK_DAYS.password) });

/** What the holder of a link may know of it. */
export const openedLinkSchema = z.object({
  kind: z.enum(linkKinds),
  email: z.string().nullable(),
  name: z.string().nullable(),
});
export type OpenedLink = z.infer<typeof openedLinkSchema>;
