/** The secret behind `#`, without what a sentence, a chat program or a mail adds to the end of a link. */
export function linkSecret(hash: string): string {
  return /^#([\w-]+)/.exec(hash.trim())?.[1] ?? "";
}
