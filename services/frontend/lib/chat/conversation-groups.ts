import type { ConversationSummary } from "@taskassistant/contracts";
import { daysBetween, type LocalDate, localDateOf } from "../dates/local-date.ts";
import { strings } from "../strings.ts";

export type ConversationGroup = { label: string; conversations: readonly ConversationSummary[] };

/** The history by when each chat was last used: today, yesterday, the week before, then by month. Newest first. */
export function groupConversations(
  conversations: readonly ConversationSummary[],
  today: LocalDate,
  options: { timeZone?: string; locale?: string } = {},
): ConversationGroup[] {
  const groups = new Map<string, ConversationSummary[]>();
  const newestFirst = [...conversations].sort((a, b) => b.updated_at.localeCompare(a.updated_at));
  for (const conversation of newestFirst) {
    const label = labelOf(localDateOf(new Date(conversation.updated_at), options.timeZone), today, options.locale);
    groups.set(label, [...(groups.get(label) ?? []), conversation]);
  }
  return [...groups].map(([label, list]) => ({ label, conversations: list }));
}

function labelOf(date: LocalDate, today: LocalDate, locale = "en-GB"): string {
  const days = daysBetween(date, today);
  if (days <= 0) return strings.nav.today;
  if (days === 1) return strings.nav.yesterday;
  if (days <= 7) return strings.nav.week;
  const month = new Date(`${date.slice(0, 7)}-01T00:00:00Z`);
  const sameYear = date.slice(0, 4) === today.slice(0, 4);
  const options: Intl.DateTimeFormatOptions = {
    month: "long",
    timeZone: "UTC",
    ...(sameYear ? {} : { year: "numeric" }),
  };
  return new Intl.DateTimeFormat(locale, options).format(month);
}
