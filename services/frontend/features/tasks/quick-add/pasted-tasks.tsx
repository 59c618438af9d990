"use client";

import { useState } from "react";
import { Button } from "../../../ui/button.tsx";
import { words } from "../words.ts";
import styles from "./quick-add.module.css";

interface PastedTasksProps {
  lines: readonly string[];
  /** Adds one task per line; resolves to the lines that could not be added. */
  onAdd: (lines: readonly string[]) => Promise<readonly string[]>;
  /** Puts the text into the field as one task. */
  onJoin: () => void;
  /** All of them are added, except these. */
  onLeft: (lines: readonly string[]) => void;
}

/** Asks whether pasted lines are several tasks or one. */
export function PastedTasks({ lines, onAdd, onJoin, onLeft }: PastedTasksProps) {
  const [busy, setBusy] = useState(false);
  const add = async () => {
    if (busy) return;
    setBusy(true);
    onLeft(await onAdd(lines));
    setBusy(false);
  };
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
        <Button tone="primary" aria-disabled={busy} onClick={() => void add()} autoFocus>
          {words.addMany(lines.length)}
        </Button>
        <Button tone="quiet" aria-disabled={busy} onClick={onJoin}>
          {words.asOneTask}
        </Button>
      </div>
    </fieldset>
  );
}
