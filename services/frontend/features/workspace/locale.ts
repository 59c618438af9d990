/** The English that the person's browser asks for, so that dates read like the rest of the page. */
export function pageLocale(languages: readonly string[]): string {
  return languages.find((language) => /^en\b/i.test(language)) ?? "en-GB";
}

/** IANA name of the browser's time zone, which changes when the person travels. */
export function browserTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
