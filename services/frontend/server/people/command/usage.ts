import { addressSchema } from "@taskassistant/contracts";
import { LINK_DAYS } from "@taskassistant/contracts/links";

export const USAGE = `Usage: node people.mjs COMMAND

  list [TEXT]                           lists all accounts, or those whose name or address contains TEXT
  invite [ADDRESS] [--days N]           a link that creates one account (${LINK_DAYS.invitation.usual} days, at most ${LINK_DAYS.invitation.max})
  password-link ADDRESS [--days N]      a link that sets a new password (${LINK_DAYS.password.usual} day, at most ${LINK_DAYS.password.max})
  promote ADDRESS                       makes a person an administrator
  demote ADDRESS                        makes an administrator an ordinary user
  disable ADDRESS                       signs a person out at once and keeps them out
  enable ADDRESS                        lets a disabled person in again

Exit code 0: done. 1: not done, with the reason. 2: the command was not understood.
`;

const PERSON_COMMANDS = ["promote", "demote", "disable", "enable"] as const;

/** A command that was understood. */
export type Command =
  | { name: "help" }
  | { name: "list"; search: string }
  | { name: "invite"; address: string | undefined; days: number }
  | { name: "password-link"; address: string; days: number }
  | { name: (typeof PERSON_COMMANDS)[number]; address: string };

/** The command line was not understood. The message says what is wrong with it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Reads the arguments. Throws `UsageError`. */
export function parseCommand(args: readonly string[]): Command {
  const [name, ...rest] = args;
  if (name === undefined || name === "help" || name === "--help" || name === "-h") return { name: "help" };
  const { words, days } = withoutDays(rest);
  if (words.length > 1) throw new UsageError(`Unexpected argument '${words[1]}'.`);
  if (name === "list") return { name, search: words[0] ?? "" };
  if (name === "invite") {
    const address = words[0] === undefined ? undefined : addressOf(words[0]);
    return { name, address, days: daysOf(days, LINK_DAYS.invitation) };
  }
  const known = PERSON_COMMANDS.find((each) => each === name);
  if (known === undefined && name !== "password-link") throw new UsageError(`Unknown command '${name}'.`);
  if (words[0] === undefined) throw new UsageError(`${name} needs the address of a person.`);
  const address = addressOf(words[0]);
  if (known !== undefined) {
    if (days !== undefined) throw new UsageError(`${name} takes no --days.`);
    return { name: known, address };
  }
  return { name: "password-link", address, days: daysOf(days, LINK_DAYS.password) };
}

function withoutDays(args: readonly string[]): { words: string[]; days: string | undefined } {
  const words: string[] = [];
  let days: string | undefined;
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? "";
    if (word === "--days") {
      index += 1;
      days = args[index] ?? "";
    } else if (word.startsWith("--days=")) days = word.slice("--days=".length);
    else if (word.startsWith("-")) throw new UsageError(`Unknown option '${word}'.`);
    else words.push(word);
  }
  return { words, days };
}

function daysOf(text: string | undefined, { usual, max }: { usual: number; max: number }): number {
  if (text === undefined) return usual;
  const days = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (days < 1 || days > max) throw new UsageError(`--days takes a number from 1 to ${max}.`);
  return days;
}

function addressOf(text: string): string {
  const address = addressSchema.safeParse(text);
  if (!address.success) throw new UsageError(`'${text}' is not an email address, such as name@example.org.`);
  return address.data;
}
