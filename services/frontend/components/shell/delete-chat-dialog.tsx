"use client";

import { AlertDialog } from "radix-ui";
import { useEffect, useRef, useState } from "react";
import { explain } from "../../lib/data/explain.ts";
import { strings } from "../../lib/strings.ts";
import { Button } from "../ui/button.tsx";
import { useToast } from "../ui/toasts.tsx";
import styles from "./delete-chat-dialog.module.css";
import { useWorkspace } from "./workspace-context.ts";

type DeleteChatDialogProps = {
  chat: { id: string; title: string } | null;
  onClose: () => void;
  onDeleted: (id: string) => void;
};

/** Asks before a chat goes for good, and says it is gone only once it is. */
export function DeleteChatDialog({ chat, onClose, onDeleted }: DeleteChatDialogProps) {
  const { conversations, chats } = useWorkspace();
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  // What the dialog says must not vanish while it fades out.
  const shown = useRef(chat);
  useEffect(() => {
    if (chat !== null) shown.current = chat;
  }, [chat]);

  const remove = async () => {
    if (chat === null) return;
    setBusy(true);
    try {
      await conversations.remove(chat.id);
      chats.forget(chat.id);
      toast({ text: strings.nav.deleted });
      onDeleted(chat.id);
    } catch (error) {
      toast({ text: explain(error).sentence, tone: "error" });
    } finally {
      setBusy(false);
      onClose();
    }
  };

  return (
    <AlertDialog.Root open={chat !== null} onOpenChange={(open) => !open && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className={styles.scrim} />
        <AlertDialog.Content className={styles.dialog}>
          <AlertDialog.Title className={styles.title}>{strings.nav.deleteTitle}</AlertDialog.Title>
          <AlertDialog.Description className={styles.body}>
            {strings.nav.deleteBody((chat ?? shown.current)?.title || strings.nav.untitled)}
          </AlertDialog.Description>
          <div className={styles.actions}>
            <AlertDialog.Cancel asChild>
              <Button>{strings.cancel}</Button>
            </AlertDialog.Cancel>
            <Button tone="danger" disabled={busy} onClick={remove}>
              {strings.nav.deleteThis}
            </Button>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
