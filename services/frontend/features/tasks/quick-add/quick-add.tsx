"use client";

import { TITLE_MAX } from "@taskassistant/contracts/limits";
import { Calendar, Plus, X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { explain } from "../../../lib/errors/explain.ts";
import { useShortcutHint } from "../../../lib/keyboard.ts";
import { useAnnounce } from "../../../ui/announcer.tsx";
import { Icon } from "../../../ui/icon.tsx";
import { Kbd } from "../../../ui/kbd.tsx";
import { useToast } from "../../../ui/toasts.tsx";
import { useWorkspace } from "../../workspace/workspace-context.ts";
import { formatDue } from "../format-date.ts";
import { useTaskStore } from "../tasks-context.ts";
import { words } from "../words.ts";
import { parseTask } from "./natural-due.ts";
import styles from "./quick-add.module.css";

/** One line for a task. A date in plain words is recognised and shown before anything is saved. */
export function QuickAdd() {
  const { today, locale } = useWorkspace();
  const tasks = useTaskStore();
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
      announce(words.added(title));
    } catch (error) {
      setText((since) => since || typed);
      toast({ text: `${words.addFailed(title)} ${explain(error).sentence}`, tone: "error" });
    }
  };

  return (
    <form className={styles.form} onSubmit={submit}>
      <div className={styles.line}>
        <Icon of={Plus} className={styles.plus} />
        <input
          id="quick-add"
          className={styles.input}
          aria-label={words.quickAdd}
          placeholder={words.quickAddPlaceholder}
          value={text}
          dir="auto"
          maxLength={TITLE_MAX}
          autoComplete="off"
          enterKeyHint="done"
          onChange={(event) => setText(event.target.value)}
        />
        {text.trim() !== "" ? (
          <button type="submit" className={styles.add}>
            {words.add}
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
          {words.due(formatDue(parsed.due, today, locale))}
          <button
            type="button"
            className={styles.ignore}
            aria-label={words.ignoreDate(parsed.phrase)}
            title={words.ignoreDate(parsed.phrase)}
            onClick={() => setIgnored(parsed.phrase)}
          >
            <Icon of={X} size={14} />
          </button>
        </p>
      )}
    </form>
  );
}
