"use client";

import type { Task } from "@taskassistant/contracts";
import { NOTES_MAX, TITLE_MAX } from "@taskassistant/contracts/limits";
import { addDays, nextWeekday } from "@taskassistant/dates";
import { type FormEvent, useState } from "react";
import { draftPlace } from "../../../lib/drafts.ts";
import { useStore } from "../../../lib/store.ts";
import { useAnnounce } from "../../../ui/announcer.tsx";
import { Button } from "../../../ui/button.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { Field, Input, TextArea } from "../../../ui/field.tsx";
import { FormProblem, formClass } from "../../../ui/form.tsx";
import { useToast } from "../../../ui/toasts.tsx";
import { words as uiWords } from "../../../ui/words.ts";
import { useWorkspace } from "../../workspace/workspace-context.ts";
import { useTaskStore } from "../tasks-context.ts";
import { useTaskActions } from "../use-task-actions.ts";
import { words } from "../words.ts";
import { createEditDraft } from "./edit-draft.ts";
import { createEditSession } from "./edit-session.ts";
import { LabelFields } from "./label-fields.tsx";
import type { TaskEdit } from "./task-edit.ts";
import styles from "./task-editor.module.css";
import { WhenFields } from "./when-fields.tsx";

/**
 * Every field of one task. It can't be left while they are saved, and what was typed comes back after Escape, a click
 * outside or a reload. When the task was changed elsewhere it says so, and shows the change in the fields nobody typed in.
 */
export function TaskEditor({ task, onClose }: { task: Task; onClose: () => void }) {
  const { me, today } = useWorkspace();
  const tasks = useTaskStore();
  const { remove, recordEdit } = useTaskActions();
  const announce = useAnnounce();
  const toast = useToast();
  const [session] = useState(() =>
    createEditSession({
      tasks,
      task,
      draft: createEditDraft(draftPlace(me.user_id, `task:${task.id}`)),
      onClose,
      onSaved: (saved) => {
        announce(words.saved(saved.title));
        recordEdit(task, saved);
      },
      onLost: (text) => toast({ text, tone: "error" }),
    }),
  );
  const { change, leave, cancel, discard, save } = session;
  const { edit, saving, restored, untitled, problem } = useStore(session);
  const [tomorrow, monday] = [addDays(today, 1), nextWeekday(1, today)];
  const days = [
    { label: words.editor.today, date: today },
    { label: words.editor.tomorrow, date: tomorrow },
    // On a Sunday the next week begins tomorrow.
    ...(monday === tomorrow ? [] : [{ label: words.editor.nextWeek, date: monday }]),
    { label: words.editor.noDate, date: "" },
  ];

  const submit = (event: FormEvent) => {
    event.preventDefault();
    void save();
  };

  return (
    <Dialog open onClose={leave} title={words.editor.title}>
      <form className={formClass} onSubmit={submit} noValidate aria-busy={saving}>
        {restored && problem === null && (
          <p className={styles.restored} role="status">
            {words.editor.restored}
            <Button tone="quiet" onClick={discard}>
              {words.editor.discard}
            </Button>
          </p>
        )}
        <FormProblem sentence={problem} />
        <Field label={words.editor.name} error={untitled ? words.editor.titleMissing : undefined}>
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
          <Field label={words.editor.due}>
            {(control) => (
              <Input
                {...control}
                type="date"
                value={edit.due}
                readOnly={saving}
                onChange={(event) => change(dayOf(event.target.value))}
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
                onClick={() => change(dayOf(date))}
              >
                {label}
              </button>
            ))}
          </div>
        </div>
        <WhenFields edit={edit} saving={saving} change={change} />
        <LabelFields edit={edit} saving={saving} change={change} />
        <Field label={words.editor.notes}>
          {(control) => (
            <TextArea
              {...control}
              value={edit.notes}
              dir="auto"
              maxLength={NOTES_MAX}
              placeholder={words.editor.notesPlaceholder}
              readOnly={saving}
              onKeyDown={(event) => {
                if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void save();
              }}
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
            {words.editor.remove}
          </Button>
          <Button onClick={cancel} aria-disabled={saving}>
            {uiWords.cancel}
          </Button>
          <Button tone="primary" type="submit" aria-disabled={saving}>
            {saving ? words.editor.saving : words.editor.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Without a day there is no time and no rule. */
function dayOf(due: string): Partial<TaskEdit> {
  return due === "" ? { due, due_time: "", due_zone: "", repeat: "" } : { due };
}
