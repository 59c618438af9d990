const TITLE_LENGTH = 60;

/** Makes a conversation's title of its first message: the beginning on one line, cut at a word. */
export function titleOf(message: string): string {
  const line = message.replace(/\s+/gu, " ").trim();
  const characters = [...line];
  if (characters.length <= TITLE_LENGTH) return line;
  const cut = characters.slice(0, TITLE_LENGTH + 1).join("");
  const space = cut.lastIndexOf(" ");
  const kept = space > TITLE_LENGTH / 3 ? cut.slice(0, space) : characters.slice(0, TITLE_LENGTH).join("");
  return `${kept.replace(/[\s.,;:!?-]+$/u, "")}…`;
}
