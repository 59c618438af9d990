/** The address when an answer may link to it (https and mailto), else an empty text, which makes no link. */
export function safeUrl(address: string): string {
  try {
    const url = new URL(address);
    return url.protocol === "https:" || url.protocol === "mailto:" ? url.href : "";
  } catch {
    return "";
  }
}
