"use client";

import { Button } from "../../../ui/button.tsx";
import { words } from "../words.ts";
import styles from "./quick-add.module.css";

interface PastedTasksProps {
  lines: readonly string[];
  /** They are being added. */
  busy: boolean;
  /** Adds one task per line. */
  onAdd: () => void;
  /** Puts the text into the field as one task. */
  onJoin: () => void;
}

/** Asks whether pasted lines are several tasks or one. */
export function PastedTasks({ lines, busy, onAdd, onJoin }: PastedTasksProps) {
  return (
    <fieldset className={styles.pasted}>
      <legend>{words.pasted(lines.length)}</legend>
      <ul>
        {lines.slice(0, 3).map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: equal lines are possible, and the list never changes
          <li key={index} dir="auto">
            {line}
          </li>
        ))}
        {lines.length > 3 && <li>{words.andMore(lines.length - 3)}</li>}
      </ul>
      <div className={styles.choice}>
        <Button tone="primary" aria-disabled={busy} onClick={onAdd} autoFocus>
          {words.addMany(lines.length)}
        </Button>
        <Button tone="quiet" aria-disabled={busy} onClick={() => busy || onJoin()}>
          {words.asOneTask}
        </Button>
      </div>
    </fieldset>
  );
}
