"use client";

import { MESSAGE_MAX } from "@taskassistant/contracts/limits";
import { ArrowUp, CalendarClock, Square } from "lucide-react";
import { type FormEvent, type KeyboardEvent, useLayoutEffect, useRef } from "react";
import { useShortcutHint } from "../../../lib/keyboard.ts";
import { Icon } from "../../../ui/icon.tsx";
import { Kbd } from "../../../ui/kbd.tsx";
import { VisuallyHidden } from "../../../ui/visually-hidden.tsx";
import { useWorkspace } from "../../workspace/workspace-context.ts";
import { words } from "../words.ts";
import styles from "./composer.module.css";
import { useDraft } from "./use-draft.ts";

interface ComposerProps {
  chatId: string;
  fresh: boolean;
  busy: boolean;
  onSend: (text: string) => void;
  onStop: () => void;
}

/** The field for the next message. Enter sends, except while a word is being composed; Shift+Enter breaks the line. */
export function Composer({ chatId, fresh, busy, onSend, onStop }: ComposerProps) {
  const { me, timeZone } = useWorkspace();
  const [draft, setDraft] = useDraft(me.user_id, fresh ? "new" : chatId);
  const field = useRef<HTMLTextAreaElement>(null);
  const keys = useShortcutHint();
  const ready = draft.trim() !== "" && !busy;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the field grows with its text
  useLayoutEffect(() => {
    const box = field.current;
    if (!box) return;
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight}px`;
  }, [draft]);

  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (!ready) return;
    setDraft("");
    onSend(draft.trim());
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // Safari reports the Enter that ends a composition with keyCode 229 and isComposing false.
    const composing = event.nativeEvent.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || composing) return;
    event.preventDefault();
    submit();
  };

  return (
    <form className={styles.composer} onSubmit={submit}>
      <label htmlFor="composer">
        <VisuallyHidden>{words.placeholder}</VisuallyHidden>
      </label>
      <div className={styles.box}>
        <textarea
          id="composer"
          ref={field}
          className={styles.field}
          rows={1}
          dir="auto"
          placeholder={words.placeholder}
          value={draft}
          maxLength={MESSAGE_MAX}
          enterKeyHint="send"
          onChange={(event) => setDraft(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <div className={styles.foot}>
          <span className={styles.zone} title={words.zoneHint(timeZone)}>
            <Icon of={CalendarClock} size={15} />
            {timeZone.replaceAll("_", " ")}
          </span>
          {busy ? (
            <button type="button" className={styles.send} aria-label={words.stop} title={words.stop} onClick={onStop}>
              <Square size={12} fill="currentColor" aria-hidden="true" />
            </button>
          ) : (
            <button type="submit" className={styles.send} aria-label={words.send} title={words.send} disabled={!ready}>
              <Icon of={ArrowUp} size={18} />
            </button>
          )}
        </div>
      </div>
      {draft.length >= MESSAGE_MAX && (
        <p className={styles.full} role="status">
          {words.full(MESSAGE_MAX)}
        </p>
      )}
      {keys && (
        <p className={styles.hints} aria-hidden="true">
          <Kbd>Enter</Kbd> {words.hintSend} · {busy && <Kbd>Esc</Kbd>} {busy && `${words.hintStop} · `}
          <Kbd>?</Kbd> {words.hintHelp}
        </p>
      )}
    </form>
  );
}
