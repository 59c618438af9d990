"use client";

import { TITLE_MAX } from "@taskassistant/contracts/limits";
import { type Dropped, type PartKind, readTask } from "@taskassistant/dates";
import { Calendar, Plus, X } from "lucide-react";
import { type ClipboardEvent, type FormEvent, useState } from "react";
import { explain } from "../../../lib/errors/explain.ts";
import { useShortcutHint } from "../../../lib/keyboard.ts";
import { useAnnounce } from "../../../ui/announcer.tsx";
import { Icon } from "../../../ui/icon.tsx";
import { Kbd } from "../../../ui/kbd.tsx";
import { useToast } from "../../../ui/toasts.tsx";
import { useWorkspace } from "../../workspace/workspace-context.ts";
import { formatDue } from "../format-date.ts";
import { useTaskActions } from "../use-task-actions.ts";
import { words } from "../words.ts";
import { pastedLines } from "./pasted-lines.ts";
import { PastedTasks } from "./pasted-tasks.tsx";
import styles from "./quick-add.module.css";

/** What a task can hold so far. The words of everything else stay in the title. */
const KINDS: readonly PartKind[] = ["date"];

/** One line for a task. A date in plain words is recognised and shown before anything is saved. */
export function QuickAdd() {
  const { today, locale } = useWorkspace();
  const { add } = useTaskActions();
  const [text, setText] = useState("");
  const [dropped, setDropped] = useState<readonly Dropped[]>([]);
  const toast = useToast();
  const announce = useAnnounce();
  const hint = useShortcutHint();
  const [pasted, setPasted] = useState<readonly string[]>([]);
  const read = (typed: string, without: readonly Dropped[] = []) =>
    readTask(typed, { today, time: "00:00", locale }, { dropped: without, kinds: KINDS });
  const { title, due, parts, impossible } = read(text, dropped);
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
      await add({ title, due });
      announce(words.added(title));
    } catch (error) {
      setText((since) => since || typed);
      toast({ text: `${words.addFailed(title)} ${explain(error).sentence}`, tone: "error" });
    }
  };

  const onPaste = (event: ClipboardEvent) => {
    const lines = pastedLines(event.clipboardData.getData("text/plain"));
    if (lines.length === 0) return;
    event.preventDefault();
    setPasted(lines);
  };
  const addPasted = async (lines: readonly string[]): Promise<readonly string[]> => {
    const left: string[] = [];
    for (const line of lines) {
      const { title: pastedTitle, due: pastedDue } = read(line);
      try {
        await add({ title: (pastedTitle || line).slice(0, TITLE_MAX), due: pastedDue });
      } catch (error) {
        left.push(line);
        toast({ text: `${words.addFailed(line)} ${explain(error).sentence}`, tone: "error" });
      }
    }
    if (left.length < lines.length) announce(words.addedMany(lines.length - left.length));
    return left;
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
          onPaste={onPaste}
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
      {pasted.length > 0 && (
        <PastedTasks
          lines={pasted}
          onAdd={addPasted}
          onLeft={setPasted}
          onJoin={() => {
            setText((before) => [before, ...pasted].join(" ").trim().slice(0, TITLE_MAX));
            setPasted([]);
          }}
        />
      )}
    </form>
  );
}
