import type { ConversationSummary } from "@taskassistant/contracts";
import { daysBetween, formatLocalDate, type LocalDate, localDateIn } from "@taskassistant/dates";
import { words } from "./words.ts";

export interface ConversationGroup {
  label: string;
  conversations: readonly ConversationSummary[];
}

/** The history by when each chat was last used: today, yesterday, the week before, then by month. Newest first. */
export function groupConversations(
  conversations: readonly ConversationSummary[],
  today: LocalDate,
  options: { timeZone?: string; locale?: string } = {},
): ConversationGroup[] {
  const groups = new Map<string, ConversationSummary[]>();
  const newestFirst = [...conversations].sort((a, b) => b.updated_at.localeCompare(a.updated_at));
  for (const conversation of newestFirst) {
    const label = labelOf(localDateIn(new Date(conversation.updated_at), options.timeZone), today, options.locale);
    groups.set(label, [...(groups.get(label) ?? []), conversation]);
  }
  return [...groups].map(([label, list]) => ({ label, conversations: list }));
}

function labelOf(date: LocalDate, today: LocalDate, locale = "en-GB"): string {
  const days = daysBetween(date, today);
  if (days <= 0) return words.today;
  if (days === 1) return words.yesterday;
  if (days <= 7) return words.week;
  const sameYear = date.slice(0, 4) === today.slice(0, 4);
  return formatLocalDate(date, locale, { month: "long", ...(sameYear ? {} : { year: "numeric" }) });
}
