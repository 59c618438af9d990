"use client";

import type { Task } from "@taskassistant/contracts";
import { type FormEvent, useState, useSyncExternalStore } from "react";
import { addDays } from "../../lib/dates/local-date.ts";
import { nextWeekday } from "../../lib/dates/natural-due.ts";
import { NOTES_MAX, TITLE_MAX } from "../../lib/limits.ts";
import { strings } from "../../lib/strings.ts";
import { createEditSession } from "../../lib/tasks/edit-session.ts";
import { useWorkspace } from "../shell/workspace-context.ts";
import { useAnnounce } from "../ui/announcer.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Input, TextArea } from "../ui/field.tsx";
import { useToast } from "../ui/toasts.tsx";
import styles from "./task-editor.module.css";
import { useTaskActions } from "./use-task-actions.ts";

/**
 * Title, date and notes of one task. It stays open until they are saved, and can't be left while that runs, so that nothing
 * typed is lost; when the task was changed elsewhere meanwhile it says so and shows that change where nothing was typed.
 */
export function TaskEditor({ task, onClose }: { task: Task; onClose: () => void }) {
  const { tasks, today } = useWorkspace();
  const { remove } = useTaskActions();
  const announce = useAnnounce();
  const toast = useToast();
  const [session] = useState(() =>
    createEditSession({
      tasks,
      task,
      onClose,
      onSaved: ({ title }) => announce(strings.tasks.saved(title)),
      onLost: (text) => toast({ text, tone: "error" }),
    }),
  );
  const { subscribe, getSnapshot, change, leave, save } = session;
  const { edit, saving, untitled, problem } = useSyncExternalStore(subscribe, getSnapshot, getSnapshot);
  const [tomorrow, monday] = [addDays(today, 1), nextWeekday(1, today)];
  const days = [
    { label: strings.editor.today, date: today },
    { label: strings.editor.tomorrow, date: tomorrow },
    // On a Sunday the next week begins tomorrow.
    ...(monday === tomorrow ? [] : [{ label: strings.editor.nextWeek, date: monday }]),
    { label: strings.editor.clear, date: "" },
  ];

  const submit = (event: FormEvent) => {
    event.preventDefault();
    void save();
  };

  return (
    <Dialog open onClose={leave} title={strings.editor.title}>
      <form className={styles.form} onSubmit={submit} noValidate aria-busy={saving}>
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
              readOnly={saving}
              onChange={(event) => change({ title: event.target.value })}
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
                readOnly={saving}
                onChange={(event) => change({ due: event.target.value })}
              />
            )}
          </Field>
          <div className={styles.days}>
            {days.map(({ label, date }) => (
              <button
                key={label}
                type="button"
                aria-pressed={edit.due === date}
                aria-disabled={saving}
                onClick={() => change({ due: date })}
              >
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
              readOnly={saving}
              onChange={(event) => change({ notes: event.target.value })}
            />
          )}
        </Field>
        <div className={styles.actions}>
          <Button
            tone="quiet"
            className={styles.remove}
            aria-disabled={saving}
            onClick={() => {
              if (leave()) void remove(task);
            }}
          >
            {strings.editor.remove}
          </Button>
          <Button onClick={leave} aria-disabled={saving}>
            {strings.cancel}
          </Button>
          <Button tone="primary" type="submit" aria-disabled={saving}>
            {saving ? strings.editor.saving : strings.editor.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
