"use client";

import { AlertDialog } from "radix-ui";
import { useEffect, useRef, useState } from "react";
import { explain } from "../../lib/errors/explain.ts";
import { Button } from "../../ui/button.tsx";
import { useToast } from "../../ui/toasts.tsx";
import { words as uiWords } from "../../ui/words.ts";
import { useConversationStore } from "./conversations-context.ts";
import styles from "./delete-dialog.module.css";
import { words } from "./words.ts";

export interface NamedConversation {
  id: string;
  title: string;
}

interface DeleteDialogProps {
  /** The conversation to delete; null while the dialog is closed. */
  conversation: NamedConversation | null;
  onClose: () => void;
  onDeleted: (id: string) => void;
}

/** Asks before a conversation is deleted, and reports it as deleted only once the server has done it. */
export function DeleteDialog({ conversation, onClose, onDeleted }: DeleteDialogProps) {
  const store = useConversationStore();
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  // The title must stay while the dialog fades out.
  const shown = useRef(conversation);
  useEffect(() => {
    if (conversation !== null) shown.current = conversation;
  }, [conversation]);

  const remove = async () => {
    if (conversation === null) return;
    setBusy(true);
    try {
      await store.remove(conversation.id);
      toast({ text: words.deleted });
      onDeleted(conversation.id);
    } catch (error) {
      toast({ text: explain(error).sentence, tone: "error" });
    } finally {
      setBusy(false);
      onClose();
    }
  };

  return (
    <AlertDialog.Root open={conversation !== null} onOpenChange={(open) => !open && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className={styles.scrim} />
        <AlertDialog.Content className={styles.dialog}>
          <AlertDialog.Title className={styles.title}>{words.deleteTitle}</AlertDialog.Title>
          <AlertDialog.Description className={styles.body}>
            {words.deleteBody((conversation ?? shown.current)?.title || words.untitled)}
          </AlertDialog.Description>
          <div className={styles.actions}>
            <AlertDialog.Cancel asChild>
              <Button>{uiWords.cancel}</Button>
            </AlertDialog.Cancel>
            <Button tone="danger" disabled={busy} onClick={remove}>
              {words.deleteThis}
            </Button>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
