"use client";

import { type FormEvent, useRef, useState } from "react";
import { ApiError } from "../../../lib/errors/api-error.ts";
import { Button } from "../../../ui/button.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { Field, Input } from "../../../ui/field.tsx";
import { formClass } from "../../../ui/form.tsx";
import { PasswordInput } from "../../../ui/password-input.tsx";
import { words as uiWords } from "../../../ui/words.ts";
import { useSession } from "../../session/session-context.ts";
import { announceDeletion } from "../../session/use-sign-out.ts";
import { Section } from "../settings-layout.tsx";
import { words } from "../words.ts";
import type { AccountClient } from "./account-client.ts";
import styles from "./forms.module.css";
import { ownPasswordError } from "./own-password-error.ts";
import { Problem } from "./problem.tsx";

interface Problems {
  email?: string | undefined;
  password?: string | undefined;
  other?: unknown;
}

/** Deletes the account, after the person has typed its address and the password. */
export function DeleteSection({ account }: { account: AccountClient }) {
  const [open, setOpen] = useState(false);
  return (
    <Section title={words.deletion.title} lead={words.deletion.lead}>
      <Button className={styles.outlined} onClick={() => setOpen(true)}>
        {words.deletion.open}
      </Button>
      <Dialog open={open} onClose={() => setOpen(false)} title={words.deletion.dialogTitle} lead={words.deletion.body}>
        <DeleteForm account={account} onCancel={() => setOpen(false)} />
      </Dialog>
    </Section>
  );
}

function DeleteForm({ account, onCancel }: { account: AccountClient; onCancel: () => void }) {
  const { user } = useSession();
  const [problems, setProblems] = useState<Problems>({});
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  const refuse = (wrong: Problems) => {
    setProblems(wrong);
    setBusy(false);
    const name = wrong.email === undefined ? (wrong.password === undefined ? null : "password") : "confirmation";
    if (name !== null) form.current?.querySelector<HTMLInputElement>(`[name=${name}]`)?.focus();
  };

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy) return;
    const data = new FormData(event.currentTarget);
    const confirmation = String(data.get("confirmation") ?? "").trim();
    const password = String(data.get("password") ?? "");
    if (confirmation.toLowerCase() !== user.email.toLowerCase()) {
      return refuse({ email: words.deletion.notConfirmed(user.email) });
    }
    if (password === "") return refuse({ password: words.password.currentMissing });
    setProblems({});
    setBusy(true);
    try {
      await account.deleteAccount(password, confirmation);
      announceDeletion();
    } catch (error) {
      const sentence = ownPasswordError(error);
      if (sentence !== undefined) refuse({ password: sentence });
      else if (error instanceof ApiError && error.code === "NOT_CONFIRMED") {
        refuse({ email: words.deletion.notConfirmed(user.email) });
      } else refuse({ other: error });
    }
  };

  return (
    <form ref={form} className={formClass} method="post" onSubmit={submit} noValidate>
      {user.role === "administrator" && <p className={styles.warning}>{words.deletion.administrator}</p>}
      <Problem error={problems.other} />
      <Field label={words.deletion.confirm(user.email)} error={problems.email}>
        {(control) => (
          <Input
            {...control}
            name="confirmation"
            inputMode="email"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            data-autofocus=""
            required
          />
        )}
      </Field>
      <Field label={words.password.current} error={problems.password}>
        {(control) => <PasswordInput {...control} name="password" autoComplete="current-password" required />}
      </Field>
      <div className={`${styles.actions} ${styles.end}`}>
        <Button onClick={onCancel}>{uiWords.cancel}</Button>
        <Button type="submit" tone="danger" aria-disabled={busy}>
          {busy ? words.deletion.deleting : words.deletion.confirmed}
        </Button>
      </div>
    </form>
  );
}
