"use client";

import {
  CalendarArrowDown,
  CalendarClock,
  CircleCheck,
  ListPlus,
  MessageCircleQuestionMark,
  Plus,
  Sun,
} from "lucide-react";
import { Icon } from "../../../ui/icon.tsx";
import { useSession } from "../../session/session-context.ts";
import { useGroupedTasks } from "../../tasks/tasks-context.ts";
import styles from "./empty-state.module.css";
import { daySummary, type Suggestion, suggestionsFor } from "./suggestions.ts";
import { words } from "./words.ts";

const ICONS: Record<Suggestion["icon"], typeof Sun> = {
  overdue: CalendarArrowDown,
  today: Sun,
  done: CircleCheck,
  plan: CalendarClock,
  add: Plus,
  several: ListPlus,
  ask: MessageCircleQuestionMark,
};

/** A new chat: a greeting, what the day holds, and four things to say that fit the person's own tasks. */
export function EmptyState({ onPick }: { onPick: (prompt: string) => void }) {
  const { user } = useSession();
  const { groups, status } = useGroupedTasks();
  const ready = status !== "loading";
  // A list that could not be loaded is not an empty one.
  const known = status === "ready";
  return (
    <div className={styles.empty}>
      <h2 className={styles.greeting}>{greeting(new Date().getHours(), user.name)}</h2>
      <p className={styles.summary} data-ready={known}>
        {known && daySummary(groups)}
      </p>
      <ul className={styles.suggestions} aria-label={words.suggestions.label} data-ready={ready}>
        {ready &&
          suggestionsFor(groups).map((suggestion) => (
            <li key={suggestion.prompt}>
              <button type="button" className={styles.card} onClick={() => onPick(suggestion.prompt)}>
                <Icon of={ICONS[suggestion.icon]} className={styles.icon} />
                <span className={styles.words}>
                  <span className={styles.title}>{suggestion.title}</span>
                  <span className={styles.detail}>{suggestion.detail}</span>
                </span>
              </button>
            </li>
          ))}
      </ul>
    </div>
  );
}

function greeting(hour: number, name: string): string {
  const [first = ""] = name.trim().split(/\s+/);
  if (first === "") return words.greeting.anonymous;
  if (hour < 5) return words.greeting.night(first);
  if (hour < 12) return words.greeting.morning(first);
  return hour < 18 ? words.greeting.afternoon(first) : words.greeting.evening(first);
}
