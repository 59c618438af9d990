"use client";

import { LABEL_MAX } from "@taskassistant/contracts/limits";
import { useId } from "react";
import { Field, Input } from "../../../ui/field.tsx";
import { useLabels } from "../labels/labels-context.ts";
import { words } from "../words.ts";
import type { TaskEdit } from "./task-edit.ts";
import styles from "./task-editor.module.css";

interface LabelFieldsProps {
  edit: TaskEdit;
  saving: boolean;
  change: (fields: Partial<TaskEdit>) => void;
}

/** Project and tags of one task. Known names are suggested, and a new one is made when the task is saved. */
export function LabelFields({ edit, saving, change }: LabelFieldsProps) {
  const { projects, tags } = useLabels();
  const id = useId();
  // A list suggests whole values: what was typed before the last comma belongs to each of them.
  const before = edit.tags.slice(0, edit.tags.lastIndexOf(",") + 1);
  return (
    <div className={styles.when}>
      <Field label={words.project}>
        {(control) => (
          <Input
            {...control}
            list={`${id}-projects`}
            value={edit.project}
            dir="auto"
            maxLength={LABEL_MAX}
            placeholder={words.editor.noProject}
            autoComplete="off"
            readOnly={saving}
            onChange={({ target: { value } }) => change({ project: value })}
          />
        )}
      </Field>
      <datalist id={`${id}-projects`}>
        {projects.flatMap(({ id: key, name, archived }) => (archived ? [] : [<option key={key} value={name} />]))}
      </datalist>
      <Field label={words.editor.tags} hint={words.editor.tagsHint}>
        {(control) => (
          <Input
            {...control}
            list={`${id}-tags`}
            value={edit.tags}
            dir="auto"
            autoComplete="off"
            readOnly={saving}
            onChange={({ target: { value } }) => change({ tags: value })}
          />
        )}
      </Field>
      <datalist id={`${id}-tags`}>
        {tags.map(({ id: key, name }) => (
          <option key={key} value={before === "" ? name : `${before} ${name}`} />
        ))}
      </datalist>
    </div>
  );
}
