/** Why an administrator's request was not carried out. */
export type RefusalReason =
  | "no_such_person"
  | "no_such_link"
  | "last_administrator"
  | "address_taken"
  | "disabled"
  | "too_many_links"
  | "own_account";

const SENTENCES: Readonly<Record<RefusalReason, string>> = {
  no_such_person: "There is no such person. Reload the list.",
  no_such_link: "This link can't be used any more. Reload the list.",
  last_administrator: "This is the only administrator. Make somebody else an administrator first.",
  address_taken: "This address has an account already. If the person can't sign in, make a password link instead.",
  disabled: "This account is disabled. Enable it first.",
  too_many_links: "Too many links are waiting to be used. Withdraw those that are no longer needed.",
  own_account: "You can't disable your own account. Ask another administrator.",
};

/** The state of things does not allow what was asked for. The message is the sentence that people read. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason) {
    super(SENTENCES[reason]);
    this.reason = reason;
  }
}
