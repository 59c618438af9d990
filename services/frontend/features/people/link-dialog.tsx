"use client";

import type { NewLink } from "@taskassistant/contracts";
import { Check, Copy } from "lucide-react";
import { useRef, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field, Input } from "../../ui/field.tsx";
import { formClass } from "../../ui/form.tsx";
import { Icon } from "../../ui/icon.tsx";
import styles from "./dialogs.module.css";
import { fromNow } from "./times.ts";
import { words } from "./words.ts";

/** Shows a new link, this once. It closes by its buttons only, so that a stray click does not lose the link. */
export function LinkDialog({ link, onClose }: { link: NewLink; onClose: () => void }) {
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState<boolean | null>(null);

  const copy = async () => setCopied(await copyText(link.url, field.current));

  return (
    <Dialog open required onClose={onClose} title={words.linkReady[link.kind]} lead={words.linkLead(link.email)}>
      <div className={formClass}>
        <Field
          label={words.link}
          hint={copied === false ? words.copyFailed : words.expires(fromNow(link.expires_at, Date.now()))}
        >
          {(control) => (
            <Input
              {...control}
              ref={field}
              className={styles.link}
              value={link.url}
              readOnly
              onFocus={(event) => event.currentTarget.select()}
            />
          )}
        </Field>
        <div className={styles.actions}>
          <Button onClick={onClose}>{words.done}</Button>
          <Button tone="primary" data-autofocus="" onClick={() => void copy()}>
            <Icon of={copied === true ? Check : Copy} />
            <span aria-live="polite">{copied === true ? words.copied : words.copy}</span>
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

/** Copies by the clipboard, which browsers offer on https and localhost only, or else by selecting the field. */
async function copyText(text: string, field: HTMLInputElement | null): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    field?.focus();
    field?.select();
    return document.execCommand("copy");
  }
}
