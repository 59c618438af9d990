/** The address when it may be followed from an answer (https and mailto), else an empty text: no link then. */
export function safeUrl(address: string): string {
  try {
    const url = new URL(address);
    return url.protocol === "https:" || url.protocol === "mailto:" ? url.href : "";
  } catch {
    return "";
  }
}
