"use client";

import { useState } from "react";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { words as uiWords } from "../../ui/words.ts";
import styles from "./dialogs.module.css";

/** What is asked before something that is hard to take back. */
export interface Question {
  title: string;
  body: string;
  act: string;
  danger?: boolean;
  run: () => Promise<void>;
}

/** Asks, and closes once the answer has been carried out. */
export function ConfirmDialog({ question, onClose }: { question: Question | null; onClose: () => void }) {
  const [busy, setBusy] = useState(false);
  if (question === null) return null;
  const run = async () => {
    setBusy(true);
    await question.run();
    setBusy(false);
    onClose();
  };
  return (
    <Dialog open onClose={onClose} title={question.title} lead={question.body}>
      <div className={styles.actions}>
        <Button onClick={onClose}>{uiWords.cancel}</Button>
        <Button
          tone={question.danger === true ? "danger" : "primary"}
          data-autofocus=""
          disabled={busy}
          onClick={() => void run()}
        >
          {question.act}
        </Button>
      </div>
    </Dialog>
  );
}
