"use client";

import { partsOf, weekdayOf } from "@taskassistant/dates";
import { Field, Input } from "../../../ui/field.tsx";
import { useWorkspace } from "../../workspace/workspace-context.ts";
import { repeatWords } from "../repeat-words.ts";
import { words } from "../words.ts";
import type { TaskEdit } from "./task-edit.ts";
import styles from "./task-editor.module.css";

const CODES = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];
const PRIORITIES = [1, 2, 3];

interface WhenFieldsProps {
  edit: TaskEdit;
  saving: boolean;
  change: (fields: Partial<TaskEdit>) => void;
}

/** Time, priority and repetition of one task. A task without a day gets today with its first time or rule. */
export function WhenFields({ edit, saving, change }: WhenFieldsProps) {
  const { today, locale } = useWorkspace();
  const withDay = (value: string) => (value !== "" && edit.due === "" ? { due: today } : {});
  const rules = rulesFor(edit.due || today);
  const choices = edit.repeat === "" || rules.includes(edit.repeat) ? rules : [...rules, edit.repeat];
  const repeatNames = choices.map((rule) => ({ rule, name: repeatWords(rule, "due", locale) }));
  return (
    <div className={styles.when}>
      <Field label={words.editor.time}>
        {(control) => (
          <Input
            {...control}
            type="time"
            value={edit.due_time}
            readOnly={saving}
            onChange={({ target: { value } }) => change({ due_time: value, ...withDay(value) })}
          />
        )}
      </Field>
      <Field label={words.editor.priority}>
        {(control) => (
          <select
            {...control}
            className={styles.select}
            value={edit.priority}
            aria-disabled={saving}
            onChange={(event) => change({ priority: event.target.value })}
          >
            {PRIORITIES.map((priority) => (
              <option key={priority} value={String(priority)}>
                {words.priority(priority)}
              </option>
            ))}
            <option value="4">{words.editor.noPriority}</option>
          </select>
        )}
      </Field>
      <Field label={words.editor.repeat}>
        {(control) => (
          <select
            {...control}
            className={styles.select}
            value={edit.repeat}
            aria-disabled={saving}
            onChange={({ target: { value } }) => change({ repeat: value, ...withDay(value) })}
          >
            <option value="">{words.editor.never}</option>
            {repeatNames.map(({ rule, name }) => (
              <option key={rule} value={rule}>
                {name}
              </option>
            ))}
          </select>
        )}
      </Field>
      {edit.repeat !== "" && (
        <Field label={words.editor.repeatFrom}>
          {(control) => (
            <select
              {...control}
              className={styles.select}
              value={edit.repeat_from}
              aria-disabled={saving}
              onChange={(event) => change({ repeat_from: event.target.value })}
            >
              <option value="due">{words.editor.fromDue}</option>
              <option value="completion">{words.editor.fromCompletion}</option>
            </select>
          )}
        </Field>
      )}
    </div>
  );
}

/** The rules that people choose most, for a task that is due on a day. */
function rulesFor(day: string): string[] {
  const { month, day: monthDay } = partsOf(day);
  return [
    "FREQ=DAILY",
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    `FREQ=WEEKLY;BYDAY=${CODES[weekdayOf(day)]}`,
    `FREQ=MONTHLY;BYMONTHDAY=${monthDay}`,
    `FREQ=YEARLY;BYMONTH=${month};BYMONTHDAY=${monthDay}`,
  ];
}
