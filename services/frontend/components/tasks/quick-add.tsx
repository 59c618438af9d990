"use client";

import { Calendar, Plus, X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { explain } from "../../lib/data/explain.ts";
import { formatDue } from "../../lib/dates/format.ts";
import { parseTask } from "../../lib/dates/natural-due.ts";
import { TITLE_MAX } from "../../lib/limits.ts";
import { strings } from "../../lib/strings.ts";
import { useShortcutHint } from "../shell/use-shortcuts.ts";
import { useWorkspace } from "../shell/workspace-context.ts";
import { useAnnounce } from "../ui/announcer.tsx";
import { Icon } from "../ui/icon.tsx";
import { Kbd } from "../ui/kbd.tsx";
import { useToast } from "../ui/toasts.tsx";
import styles from "./quick-add.module.css";

/** One line for a task; a date in plain words is read from it and shown before anything is saved. */
export function QuickAdd() {
  const { tasks, today, locale } = useWorkspace();
  const [text, setText] = useState("");
  const [ignored, setIgnored] = useState<string | null>(null);
  const toast = useToast();
  const announce = useAnnounce();
  const hint = useShortcutHint();
  const parsed = parseTask(text, today);
  const usesDate = parsed.due !== null && parsed.phrase !== ignored;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const typed = text.trim();
    if (typed === "") return;
    const title = usesDate ? parsed.title : typed.charAt(0).toUpperCase() + typed.slice(1);
    setText("");
    setIgnored(null);
    try {
      await tasks.add({ title, due: usesDate ? parsed.due : null });
      announce(strings.tasks.added(title));
    } catch (error) {
      setText((since) => since || typed);
      toast({ text: `${strings.tasks.addFailed(title)} ${explain(error).sentence}`, tone: "error" });
    }
  };

  return (
    <form className={styles.form} onSubmit={submit}>
      <div className={styles.line}>
        <Icon of={Plus} className={styles.plus} />
        <input
          id="quick-add"
          className={styles.input}
          aria-label={strings.tasks.quickAdd}
          placeholder={strings.tasks.quickAddPlaceholder}
          value={text}
          dir="auto"
          maxLength={TITLE_MAX}
          autoComplete="off"
          enterKeyHint="done"
          onChange={(event) => setText(event.target.value)}
        />
        {text.trim() !== "" ? (
          <button type="submit" className={styles.add}>
            {strings.tasks.add}
          </button>
        ) : (
          hint && (
            <span className={styles.hint} aria-hidden="true">
              <Kbd>Q</Kbd>
            </span>
          )
        )}
      </div>
      {usesDate && parsed.due && parsed.phrase && (
        <p className={styles.due}>
          <Icon of={Calendar} size={14} />
          {strings.tasks.due(formatDue(parsed.due, today, locale))}
          <button
            type="button"
            className={styles.ignore}
            aria-label={strings.tasks.ignoreDate(parsed.phrase)}
            title={strings.tasks.ignoreDate(parsed.phrase)}
            onClick={() => setIgnored(parsed.phrase)}
          >
            <Icon of={X} size={14} />
          </button>
        </p>
      )}
    </form>
  );
}
