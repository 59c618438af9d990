"use client";

import { TITLE_MAX } from "@taskassistant/contracts/limits";
import type { Dropped } from "@taskassistant/dates";
import { Plus } from "lucide-react";
import { type ClipboardEvent, type FormEvent, useRef } from "react";
import { explain } from "../../../lib/errors/explain.ts";
import { useShortcutHint } from "../../../lib/keyboard.ts";
import { useStore } from "../../../lib/store.ts";
import { useAnnounce } from "../../../ui/announcer.tsx";
import { Icon } from "../../../ui/icon.tsx";
import { Kbd } from "../../../ui/kbd.tsx";
import { useToast } from "../../../ui/toasts.tsx";
import { useWorkspace } from "../../workspace/workspace-context.ts";
import { useLabels } from "../labels/labels-context.ts";
import { useTaskActions } from "../use-task-actions.ts";
import { words } from "../words.ts";
import { Chips } from "./chips.tsx";
import { pastedLines } from "./pasted-lines.ts";
import { PastedTasks } from "./pasted-tasks.tsx";
import styles from "./quick-add.module.css";
import { hintOf, readTyped, taskOf } from "./task-of-text.ts";
import { useTypedStore } from "./typed-context.ts";

/** One line for a task. Date, time, repetition, priority, project and tags are recognised and shown before anything is saved. */
export function QuickAdd() {
  const { today, locale, timeZone } = useWorkspace();
  const { add } = useTaskActions();
  const projects = useLabels().projects.map(({ name }) => name);
  const store = useTypedStore();
  const { text, dropped, pasted, adding } = useStore(store);
  const toast = useToast();
  const announce = useAnnounce();
  const hint = useShortcutHint();
  const field = useRef<HTMLInputElement>(null);
  const read = (typed: string, without: readonly Dropped[] = []) =>
    readTyped(typed, { today, locale, timeZone, now: new Date() }, without);
  const reading = read(text, dropped);
  const { title } = reading;
  const hintText = hintOf(text, reading, locale);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const typed = text.trim();
    if (typed === "") return;
    if (title === "") return announce(words.titleMissing);
    const giveBack = store.take();
    try {
      await add(taskOf(read(typed, dropped), timeZone, projects));
      announce(words.added(title));
    } catch (error) {
      giveBack();
      toast({ text: `${words.addFailed(title)} ${explain(error).sentence}`, tone: "error" });
    }
  };

  const onPaste = (event: ClipboardEvent) => {
    const lines = pastedLines(event.clipboardData.getData("text/plain"));
    if (lines.length === 0) return;
    event.preventDefault();
    store.paste(lines);
  };
  const addPasted = async (lines: readonly string[]): Promise<readonly string[]> => {
    const left: string[] = [];
    for (const line of lines) {
      const pastedTask = taskOf(read(line), timeZone, projects);
      try {
        await add({ ...pastedTask, title: (pastedTask.title || line).slice(0, TITLE_MAX) });
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
          ref={field}
          id="quick-add"
          className={styles.input}
          aria-label={words.quickAdd}
          placeholder={words.quickAddPlaceholder}
          value={text}
          dir="auto"
          maxLength={TITLE_MAX}
          autoComplete="off"
          enterKeyHint="done"
          onChange={(event) => store.type(event.target.value)}
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
      <Chips
        reading={reading}
        projects={projects}
        onDrop={(parts) => {
          store.drop(parts);
          field.current?.focus();
        }}
      />
      {hintText && (
        <p className={styles.due} role="status">
          {hintText}
        </p>
      )}
      {pasted.length > 0 && (
        <PastedTasks
          lines={pasted}
          busy={adding}
          onAdd={() => void store.addPasted(addPasted)}
          onJoin={() => {
            store.type([text, ...pasted].join(" ").trim().slice(0, TITLE_MAX));
            store.paste([]);
          }}
        />
      )}
    </form>
  );
}
