"use client";

import type { Task, TaskPatch } from "@taskassistant/contracts";
import { type FormEvent, useState } from "react";
import { ApiError } from "../../lib/data/api-error.ts";
import { explain } from "../../lib/data/explain.ts";
import { addDays } from "../../lib/dates/local-date.ts";
import { nextWeekday } from "../../lib/dates/natural-due.ts";
import { NOTES_MAX, TITLE_MAX } from "../../lib/limits.ts";
import { strings } from "../../lib/strings.ts";
import { useWorkspace } from "../shell/workspace-context.ts";
import { useAnnounce } from "../ui/announcer.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Input, TextArea } from "../ui/field.tsx";
import { useToast } from "../ui/toasts.tsx";
import styles from "./task-editor.module.css";
import { useTaskActions } from "./use-task-actions.ts";

/** Title, date and notes of one task. Refused when the task was changed elsewhere since it was opened. */
export function TaskEditor({ task, onClose }: { task: Task; onClose: () => void }) {
  const { tasks, today } = useWorkspace();
  const { remove } = useTaskActions();
  const toast = useToast();
  const announce = useAnnounce();
  const [opened] = useState(task);
  const [title, setTitle] = useState(task.title);
  const [due, setDue] = useState(task.due ?? "");
  const [notes, setNotes] = useState(task.notes);
  const [error, setError] = useState<string | undefined>();
  const days = [
    { label: strings.editor.today, date: today },
    { label: strings.editor.tomorrow, date: addDays(today, 1) },
    { label: strings.editor.nextWeek, date: nextWeekday(1, today) },
    { label: strings.editor.clear, date: "" },
  ];

  const save = async (event: FormEvent) => {
    event.preventDefault();
    const name = title.trim();
    if (name === "") return setError(strings.editor.titleMissing);
    const patch: TaskPatch = {
      ...(name !== opened.title && { title: name }),
      ...(notes !== opened.notes && { notes }),
      ...((due || null) !== opened.due && { due: due || null }),
    };
    onClose();
    if (Object.keys(patch).length === 0) return;
    try {
      await tasks.patch(task.id, patch, opened.version);
      announce(strings.tasks.saved(name));
    } catch (cause) {
      const conflict = cause instanceof ApiError && (cause.status === 412 || cause.status === 409);
      const text = conflict
        ? strings.tasks.conflict(opened.title)
        : `${strings.tasks.saveFailed(opened.title)} ${explain(cause).sentence}`;
      toast({ text, tone: "error" });
    }
  };

  return (
    <Dialog open onClose={onClose} title={strings.editor.title}>
      <form className={styles.form} onSubmit={save} noValidate>
        <Field label={strings.editor.name} error={error}>
          {(control) => (
            <Input
              {...control}
              value={title}
              maxLength={TITLE_MAX}
              data-autofocus=""
              autoComplete="off"
              onChange={(event) => {
                setTitle(event.target.value);
                setError(undefined);
              }}
            />
          )}
        </Field>
        <div className={styles.due}>
          <Field label={strings.editor.due}>
            {(control) => (
              <Input {...control} type="date" value={due} onChange={(event) => setDue(event.target.value)} />
            )}
          </Field>
          <div className={styles.days}>
            {days.map(({ label, date }) => (
              <button key={label} type="button" aria-pressed={due === date} onClick={() => setDue(date)}>
                {label}
              </button>
            ))}
          </div>
        </div>
        <Field label={strings.editor.notes}>
          {(control) => (
            <TextArea
              {...control}
              value={notes}
              maxLength={NOTES_MAX}
              placeholder={strings.editor.notesPlaceholder}
              onChange={(event) => setNotes(event.target.value)}
            />
          )}
        </Field>
        <div className={styles.actions}>
          <Button
            tone="quiet"
            className={styles.remove}
            onClick={() => {
              onClose();
              void remove(task);
            }}
          >
            {strings.editor.remove}
          </Button>
          <Button onClick={onClose}>{strings.cancel}</Button>
          <Button tone="primary" type="submit">
            {strings.editor.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
