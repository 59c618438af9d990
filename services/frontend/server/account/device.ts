import Bowser from "bowser";

/** The longest part of a header that is looked at and shown. */
const READ_MAX = 300;
const NAME_MAX = 60;

/** The program behind a `User-Agent`, in the words of a list that people read: `Firefox on Linux`. Empty if nothing is known. */
export function deviceOf(userAgent: string): string {
  const text = userAgent.slice(0, READ_MAX).trim();
  if (text === "") return "";
  const { browser, os, platform } = Bowser.parse(text);
  const where = platform.model ?? (platform.type === "tablet" ? `${os.name ?? ""} tablet`.trim() : os.name);
  const parts = [browser.name, where].filter((part) => part !== undefined && part !== "");
  if (parts.length > 0) return parts.join(" on ");
  // A script names itself first, such as `curl/8.5.0`.
  return /^[\w .-]+/.exec(text)?.[0].trim().slice(0, NAME_MAX) ?? "";
}
