const PREFIX = "draft:";

/** A place for text that is typed but not sent or saved. */
export interface DraftPlace {
  /** The text; empty when there is none. */
  read(): string;
  /** Keeps the text; an empty one removes it. */
  write(text: string): void;
}

/**
 * The place of one draft. It survives a reload of this tab, and is stored per user, so that the next person who signs in
 * here does not find it.
 */
export function draftPlace(userId: string, key: string): DraftPlace {
  const name = `${PREFIX}${userId}:${key}`;
  return {
    read() {
      try {
        return sessionStorage.getItem(name) ?? "";
      } catch {
        return "";
      }
    },
    write(text) {
      try {
        if (text === "") sessionStorage.removeItem(name);
        else sessionStorage.setItem(name, text);
      } catch {
        // Without storage the text is kept until the page is closed.
      }
    },
  };
}

/** Removes all drafts, so that nothing typed stays behind after signing out. */
export function clearDrafts(): void {
  try {
    for (const name of Object.keys(sessionStorage)) if (name.startsWith(PREFIX)) sessionStorage.removeItem(name);
  } catch {
    // Without storage there is nothing to remove.
  }
}
