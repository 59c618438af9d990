/** The administration of people: who has an account, and the links by which they get one or a new password. */
export const words = {
  title: "People",
  lead: "Everyone who can sign in here. Only they can see their own tasks and chats.",
  back: "Back to your tasks",
  loadFailed: "The list couldn’t be loaded.",
  count: (total: number) => (total === 1 ? "1 person" : `${total} people`),
  search: "Search by name or address",
  nobodyFound: "Nobody matches this search.",
  more: "Show more",

  you: "You",
  administrator: "Administrator",
  disabled: "Disabled",
  neverSeen: "Has never signed in",
  seen: (when: string) => `Last seen ${when}`,
  actionsFor: (name: string) => `Actions for ${name}`,
  promote: "Make administrator",
  demote: "Remove as administrator",
  makePasswordLink: "Make password link",
  disable: "Disable account",
  enable: "Enable account",
  promoted: (name: string) => `${name} is an administrator now.`,
  demoted: (name: string) => `${name} is no longer an administrator.`,
  wasDisabled: (name: string) => `${name} is signed out and can’t sign in.`,
  enabled: (name: string) => `${name} can sign in again.`,

  confirm: {
    disable: (name: string) => ({
      title: `Disable ${name}?`,
      body: "They are signed out everywhere at once, an answer that is being written stops, and they can’t sign in. Their tasks and chats are kept.",
      act: "Disable account",
    }),
    promote: (name: string) => ({
      title: `Make ${name} an administrator?`,
      body: "Administrators can invite people, make password links, and disable accounts, including yours.",
      act: "Make administrator",
    }),
    demote: (name: string) => ({
      title: `Remove ${name} as administrator?`,
      body: "Links they made that nobody has used stop working.",
      act: "Remove as administrator",
    }),
    demoteSelf: () => ({
      title: "Stop being an administrator?",
      body: "Only another administrator can make you one again. Links you made that nobody has used stop working.",
      act: "Stop being an administrator",
    }),
    passwordLink: (name: string) => ({
      title: `Make a password link for ${name}?`,
      body: "Whoever opens the link can set a new password and sign in as this person, so hand it over in private. Once it is used, they are signed out everywhere.",
      act: "Make password link",
    }),
  },

  invite: "Invite someone",
  inviteLead: "You get a link to send to them. It works once.",
  email: "Email (optional)",
  emailHint: "With an address, the link works for this address only.",
  emailInvalid: "Enter a valid email address, such as name@example.org, or leave it empty.",
  validFor: "Valid for",
  days: (days: number) => (days === 1 ? "1 day" : `${days} days`),
  makeLink: "Make link",
  makingLink: "Making the link",

  linkReady: { invitation: "The invitation is ready", password: "The password link is ready" },
  linkLead: (email: string | null) =>
    email === null
      ? "Send this link to one person. It is shown only now and works once."
      : `Send this link to ${email}. It is shown only now and works once.`,
  link: "Link",
  copy: "Copy link",
  copied: "Copied",
  copyFailed: "Copy the selected text with your keyboard or menu.",
  expires: (when: string) => `Expires ${when}`,
  done: "Done",

  links: "Links waiting to be used",
  kinds: {
    invitation: (email: string | null) => (email === null ? "Invitation for anyone" : `Invitation for ${email}`),
    password: (email: string | null) => `Password link for ${email ?? "a person"}`,
  },
  madeBy: (email: string | null) => (email === null ? "made by command" : `made by ${email}`),
  revoke: "Withdraw",
  revokeThis: (link: string) => `Withdraw: ${link}`,
  revoked: "The link no longer works.",
};
