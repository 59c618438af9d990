"use client";

import type { Task } from "@taskassistant/contracts";
import { type FormEvent, useState } from "react";
import { ApiError } from "../../lib/data/api-error.ts";
import { explain } from "../../lib/data/explain.ts";
import { addDays } from "../../lib/dates/local-date.ts";
import { nextWeekday } from "../../lib/dates/natural-due.ts";
import { NOTES_MAX, TITLE_MAX } from "../../lib/limits.ts";
import { strings } from "../../lib/strings.ts";
import { editOf, patchOf, rebased, type TaskEdit } from "../../lib/tasks/task-edit.ts";
import { useWorkspace } from "../shell/workspace-context.ts";
import { useAnnounce } from "../ui/announcer.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Input, TextArea } from "../ui/field.tsx";
import styles from "./task-editor.module.css";
import { useTaskActions } from "./use-task-actions.ts";

/**
 * Title, date and notes of one task. It stays open until they are saved, so that nothing typed is lost; when the task was
 * changed elsewhere meanwhile it says so and shows that change where nothing was typed.
 */
export function TaskEditor({ task, onClose }: { task: Task; onClose: () => void }) {
  const { tasks, today } = useWorkspace();
  const { remove } = useTaskActions();
  const announce = useAnnounce();
  const [opened, setOpened] = useState(task);
  const [edit, setEdit] = useState(() => editOf(task));
  const [saving, setSaving] = useState(false);
  const [untitled, setUntitled] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const change = (fields: Partial<TaskEdit>) => setEdit((before) => ({ ...before, ...fields }));
  const [tomorrow, monday] = [addDays(today, 1), nextWeekday(1, today)];
  const days = [
    { label: strings.editor.today, date: today },
    { label: strings.editor.tomorrow, date: tomorrow },
    // On a Sunday the next week begins tomorrow.
    ...(monday === tomorrow ? [] : [{ label: strings.editor.nextWeek, date: monday }]),
    { label: strings.editor.clear, date: "" },
  ];

  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (saving) return;
    if (edit.title.trim() === "") return setUntitled(true);
    const patch = patchOf(opened, edit);
    if (patch === null) return onClose();
    setSaving(true);
    setProblem(null);
    try {
      const saved = await tasks.patch(task.id, patch, opened.version);
      announce(strings.tasks.saved(saved.title));
      onClose();
    } catch (cause) {
      setProblem(await told(cause));
      setSaving(false);
    }
  };

  /** What to say of a failure; after a change elsewhere the next try is on top of it. */
  const told = async (cause: unknown): Promise<string> => {
    const status = cause instanceof ApiError ? cause.status : undefined;
    if (status === 412 || status === 409) {
      await tasks.refresh(true);
      const now = tasks.getSnapshot().tasks.find(({ id }) => id === task.id);
      if (now === undefined) return strings.editor.gone;
      setEdit((before) => rebased(opened, before, now));
      setOpened(now);
      return strings.editor.conflict;
    }
    return status === 404
      ? strings.editor.gone
      : `${strings.tasks.saveFailed(opened.title)} ${explain(cause).sentence}`;
  };

  return (
    <Dialog open onClose={onClose} title={strings.editor.title}>
      <form className={styles.form} onSubmit={save} noValidate>
        {problem !== null && (
          <p className={styles.problem} role="alert">
            {problem}
          </p>
        )}
        <Field label={strings.editor.name} error={untitled ? strings.editor.titleMissing : undefined}>
          {(control) => (
            <Input
              {...control}
              value={edit.title}
              dir="auto"
              maxLength={TITLE_MAX}
              data-autofocus=""
              autoComplete="off"
              onChange={(event) => {
                change({ title: event.target.value });
                setUntitled(false);
              }}
            />
          )}
        </Field>
        <div className={styles.due}>
          <Field label={strings.editor.due}>
            {(control) => (
              <Input
                {...control}
                type="date"
                value={edit.due}
                onChange={(event) => change({ due: event.target.value })}
              />
            )}
          </Field>
          <div className={styles.days}>
            {days.map(({ label, date }) => (
              <button key={label} type="button" aria-pressed={edit.due === date} onClick={() => change({ due: date })}>
                {label}
              </button>
            ))}
          </div>
        </div>
        <Field label={strings.editor.notes}>
          {(control) => (
            <TextArea
              {...control}
              value={edit.notes}
              dir="auto"
              maxLength={NOTES_MAX}
              placeholder={strings.editor.notesPlaceholder}
              onChange={(event) => change({ notes: event.target.value })}
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
          <Button tone="primary" type="submit" aria-disabled={saving}>
            {saving ? strings.editor.saving : strings.editor.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
