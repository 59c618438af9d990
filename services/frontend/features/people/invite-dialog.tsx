"use client";

import type { NewLink } from "@taskassistant/contracts";
import { LINK_DAYS } from "@taskassistant/contracts/links";
import { type FormEvent, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field, Input } from "../../ui/field.tsx";
import { FormProblem, formClass } from "../../ui/form.tsx";
import { words as uiWords } from "../../ui/words.ts";
import styles from "./dialogs.module.css";
import { type PeopleApi, sentenceOf } from "./people-api.ts";
import { words } from "./words.ts";

const DAYS = [1, LINK_DAYS.invitation.usual, LINK_DAYS.invitation.max];

interface InviteDialogProps {
  open: boolean;
  api: PeopleApi;
  onClose: () => void;
  onMade: (link: NewLink) => void;
}

/** Makes an invitation, for one address or for whoever gets the link. */
export function InviteDialog({ open, api, onClose, onMade }: InviteDialogProps) {
  const [problem, setProblem] = useState<string | null>(null);
  const [emailProblem, setEmailProblem] = useState<string | undefined>();
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy) return;
    const data = new FormData(event.currentTarget);
    const email = String(data.get("email") ?? "").trim();
    const isAddress = email === "" || /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email);
    setProblem(null);
    setEmailProblem(isAddress ? undefined : words.emailInvalid);
    if (!isAddress) return;
    setBusy(true);
    try {
      onMade(await api.invite({ days: Number(data.get("days")), ...(email === "" ? {} : { email }) }));
    } catch (error) {
      setProblem(sentenceOf(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <Dialog open={open} onClose={onClose} title={words.invite} lead={words.inviteLead}>
      <form className={formClass} onSubmit={(event) => void submit(event)} noValidate>
        <FormProblem sentence={problem} />
        <Field label={words.email} hint={words.emailHint} error={emailProblem}>
          {(control) => (
            <Input
              {...control}
              name="email"
              type="email"
              inputMode="email"
              autoComplete="off"
              maxLength={254}
              data-autofocus=""
            />
          )}
        </Field>
        <Field label={words.validFor}>
          {(control) => (
            <select {...control} name="days" className={styles.select} defaultValue={LINK_DAYS.invitation.usual}>
              {DAYS.map((days) => (
                <option key={days} value={days}>
                  {words.days(days)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <div className={styles.actions}>
          <Button onClick={onClose}>{uiWords.cancel}</Button>
          <Button type="submit" tone="primary" aria-disabled={busy}>
            {busy ? words.makingLink : words.makeLink}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
