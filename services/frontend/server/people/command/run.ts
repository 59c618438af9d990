import type { NewLink, Person } from "@taskassistant/contracts";
import { PAGE_MAX } from "@taskassistant/contracts/limits";
import type { RecordAdministration } from "../audit.ts";
import type { Links } from "../links.ts";
import type { People } from "../people.ts";
import { Refusal } from "../refusal.ts";
import type { Command } from "./usage.ts";

/** The names that the audit has for what a command does, the same as for an administrator's requests. */
const ACTIONS = {
  list: "list",
  invite: "invite",
  "password-link": "make password link",
  promote: "promote",
  demote: "demote",
  disable: "disable",
  enable: "enable",
} as const;

/** Maximum number of pages that one list prints. */
const PAGES_MAX = 100;

/** What a command works with. */
export interface CommandDeps {
  people: People;
  links: Links;
  record: RecordAdministration;
}

/** Carries a command out and returns what it says. Throws `Refusal`, or `NobodyError` for an address without an account. */
export async function runCommand(command: Exclude<Command, { name: "help" }>, deps: CommandDeps): Promise<string> {
  const { people, links } = deps;
  const done = (about: { on?: string; link?: string }) =>
    deps.record({ action: ACTIONS[command.name], outcome: "allowed", ...about });
  switch (command.name) {
    case "list":
      return table(await everybody(people, command.search));
    case "invite": {
      const link = await links.invite({ email: command.address, createdBy: null, days: command.days });
      await done({ link: link.id });
      return linkText(link);
    }
    case "password-link": {
      const { id } = await person(people, command.address);
      const link = await links.passwordLink({ userId: id, createdBy: null, days: command.days });
      await done({ on: id, link: link.id });
      return linkText(link);
    }
    case "promote": {
      const { id, email, disabled } = await person(people, command.address);
      if (disabled) throw new Refusal("disabled");
      await people.setRole(id, "administrator");
      await done({ on: id });
      return `${email} is an administrator now.\n`;
    }
    case "demote": {
      const { id, email } = await person(people, command.address);
      await people.setRole(id, "user", { evenLast: true });
      await done({ on: id });
      return `${email} is no longer an administrator.\n${await warning(people)}`;
    }
    case "disable": {
      const { id, email } = await person(people, command.address);
      await people.disable(id, { evenLast: true });
      await done({ on: id });
      return `${email} is signed out everywhere and can no longer sign in.\n${await warning(people)}`;
    }
    case "enable": {
      const { id, email } = await person(people, command.address);
      await people.enable(id);
      await done({ on: id });
      return `${email} can sign in again.\n`;
    }
  }
}

/** Nobody has an account with the address. */
export class NobodyError extends Error {
  override readonly name = "NobodyError";

  constructor(address: string) {
    super(`Nobody has an account with the address ${address}. See who has one with: list. Add a person with: invite.`);
  }
}

async function person(people: People, address: string): Promise<Person> {
  const found = await people.byAddress(address);
  if (found === undefined) throw new NobodyError(address);
  return found;
}

async function everybody(people: People, search: string): Promise<Person[]> {
  const all: Person[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const next = await people.list({ q: search, limit: PAGE_MAX, ...(cursor === undefined ? {} : { cursor }) });
    all.push(...next.people);
    if (next.next_cursor === null) break;
    cursor = next.next_cursor;
  }
  return all;
}

async function warning(people: People): Promise<string> {
  return (await people.hasAdministrator())
    ? ""
    : "Nobody is an administrator now. Make somebody one with: promote ADDRESS\n";
}

function linkText({ kind, email, url, expires_at }: NewLink): string {
  const what =
    kind === "invitation"
      ? `This link creates one account${email === null ? "" : ` for ${email}`}.`
      : `This link sets a new password for ${email}.`;
  const until = `${expires_at.slice(0, 16).replace("T", " ")} UTC`;
  return `${what} It works once, until ${until}.\n\n  ${url}\n\nWhoever can read this output can use the link. Delete the output once you have sent the link.\n`;
}

const HEAD = ["ADDRESS", "NAME", "ROLE", "STATE", "LAST SEEN"];

function table(people: readonly Person[]): string {
  if (people.length === 0) return "No account matches.\n";
  const rows = people.map(({ email, name, role, disabled, last_seen_at }) => [
    email,
    shown(name),
    role,
    disabled ? "disabled" : "enabled",
    last_seen_at?.slice(0, 10) ?? "never",
  ]);
  const widths = HEAD.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("   ")
      .trimEnd();
  return `${[HEAD, ...rows].map(line).join("\n")}\n`;
}

/** A name on one line and without what could control the terminal, since people choose their own. */
function shown(name: string): string {
  return name.replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, " ").slice(0, 40);
}
