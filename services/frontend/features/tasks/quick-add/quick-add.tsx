"use client";

import { TITLE_MAX } from "@taskassistant/contracts/limits";
import { type Dropped, type PartKind, readTask } from "@taskassistant/dates";
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
import styles from "./quick-add.module.css";

/** What a task can hold so far. The words of everything else stay in the title. */
const KINDS: readonly PartKind[] = ["date"];

/** One line for a task. A date in plain words is recognised and shown before anything is saved. */
export function QuickAdd() {
  const { today, locale } = useWorkspace();
  const tasks = useTaskStore();
  const [text, setText] = useState("");
  const [dropped, setDropped] = useState<readonly Dropped[]>([]);
  const toast = useToast();
  const announce = useAnnounce();
  const hint = useShortcutHint();
  const { title, due, parts, impossible } = readTask(text, { today, time: "00:00", locale }, { dropped, kinds: KINDS });
  const [date] = parts;
  const hintText = title === "" && due ? words.titleMissing : impossible ? words.noSuchDay(impossible, locale) : null;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const typed = text.trim();
    if (typed === "") return;
    if (title === "") return announce(words.titleMissing);
    setText("");
    setDropped([]);
    try {
      await tasks.add({ title, due });
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
      {due && date && (
        <p className={styles.due}>
          <Icon of={Calendar} size={14} />
          {words.due(formatDue(due, today, locale))}
          <button
            type="button"
            className={styles.ignore}
            aria-label={words.ignoreDate(date.text)}
            title={words.ignoreDate(date.text)}
            onClick={() => setDropped([...dropped, date])}
          >
            <Icon of={X} size={14} />
          </button>
        </p>
      )}
      {hintText && (
        <p className={styles.due} role="status">
          {hintText}
        </p>
      )}
    </form>
  );
}
