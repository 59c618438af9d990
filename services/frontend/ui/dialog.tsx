"use client";

import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { IconButton } from "./button.tsx";
import styles from "./dialog.module.css";
import { Icon } from "./icon.tsx";
import { words } from "./words.ts";

interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  lead?: string | undefined;
  /** Where it appears: in the middle, near the top, or as a sheet from an edge. */
  place?: "center" | "top" | "left" | "right";
  /** The title is for screen readers only. */
  quietTitle?: boolean;
  /** Escape and a click outside don't close it. */
  required?: boolean;
  children: ReactNode;
}

/** A modal dialog or sheet. The focus stays inside and returns to where it was when the dialog closes. */
export function Dialog({
  open,
  onClose,
  title,
  lead,
  place = "center",
  quietTitle = false,
  required = false,
  children,
}: DialogProps) {
  const keep = required ? (event: Event) => event.preventDefault() : undefined;
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className={styles.scrim} />
        <Radix.Content
          className={styles[place]}
          tabIndex={-1}
          onOpenAutoFocus={focusFirst}
          {...(keep && { onEscapeKeyDown: keep, onPointerDownOutside: keep, onInteractOutside: keep })}
          {...(lead === undefined && { "aria-describedby": undefined })}
        >
          <div className={quietTitle ? styles.quiet : styles.head}>
            <Radix.Title className={quietTitle ? styles.unseen : styles.title}>{title}</Radix.Title>
            {!required && (
              <Radix.Close asChild>
                <IconButton label={words.close} className={quietTitle ? styles.corner : undefined}>
                  <Icon of={X} />
                </IconButton>
              </Radix.Close>
            )}
          </div>
          {lead !== undefined && <Radix.Description className={styles.lead}>{lead}</Radix.Description>}
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/**
 * Focuses the marked field where there is a keyboard, else the dialog itself: on a phone the field would open the on-screen
 * keyboard, which hides part of the dialog.
 */
function focusFirst(event: Event): void {
  event.preventDefault();
  const dialog = event.currentTarget;
  if (!(dialog instanceof HTMLElement)) return;
  const field = matchMedia("(hover: hover)").matches ? dialog.querySelector<HTMLElement>("[data-autofocus]") : null;
  (field ?? dialog).focus();
}
