"use client";

import { PASSWORD_MIN } from "@taskassistant/contracts/limits";
import { NAME_MAX } from "@taskassistant/contracts/links";
import { type FormEvent, useRef, useState } from "react";
import { useCountdown } from "../../lib/errors/use-countdown.ts";
import { words as errorWords } from "../../lib/errors/words.ts";
import { Button } from "../../ui/button.tsx";
import { Field, Input } from "../../ui/field.tsx";
import { FormProblem, formClass } from "../../ui/form.tsx";
import { PasswordInput } from "../../ui/password-input.tsx";
import {
  type Auth,
  type AuthField,
  type AuthKind,
  type AuthProblem,
  type Credentials,
  checkCredentials,
  createAuth,
} from "./auth.ts";
import { useHydrated } from "./use-hydrated.ts";
import { words } from "./words.ts";

interface AuthFormProps {
  kind: AuthKind;
  auth?: Auth;
  email?: string;
  /** The address can't be changed: it is shown, and password managers store the password under it. */
  fixedEmail?: boolean;
  /** What to do with what was typed, instead of signing in or up. */
  act?: (typed: Credentials) => Promise<AuthProblem>;
  onDone: () => void;
}

/**
 * Email and password; pasting and password managers work. Before React has taken over, the browser would submit the
 * form itself, so the button is disabled until then and the method is POST, which never puts the fields into an address.
 */
export function AuthForm({ kind, auth, email = "", fixedEmail = false, act, onDone }: AuthFormProps) {
  const [problem, setProblem] = useState<AuthProblem>(null);
  const [fields, setFields] = useState<Partial<Record<AuthField, string>>>({});
  const [busy, setBusy] = useState(false);
  const hydrated = useHydrated();
  const wait = useCountdown(problem?.retryAfter ?? 0, problem);
  const form = useRef<HTMLFormElement>(null);
  const signUp = kind === "sign-up";
  const choosesPassword = kind !== "sign-in";

  const refuse = (errors: Partial<Record<AuthField, string>>) => {
    setFields(errors);
    const first = (["name", "email", "password"] as const).find((field) => errors[field] !== undefined);
    if (first) form.current?.querySelector<HTMLInputElement>(`[name=${first}]`)?.focus();
  };

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy || wait > 0) return;
    const data = new FormData(event.currentTarget);
    const read = (name: AuthField) => String(data.get(name) ?? "");
    const typed: Credentials = { email: read("email").trim(), password: read("password"), name: read("name").trim() };
    const wrong = checkCredentials(kind, typed);
    setProblem(null);
    if (Object.keys(wrong).length > 0) return refuse(wrong);
    setFields({});
    setBusy(true);
    const client = auth ?? createAuth();
    const failed = await (act ?? (signUp ? client.signUp : client.signIn))(typed);
    if (failed === null) return onDone();
    setBusy(false);
    if (failed.field) refuse({ [failed.field]: failed.sentence });
    else setProblem(failed);
  };

  return (
    <form ref={form} className={formClass} method="post" onSubmit={submit} noValidate>
      <FormProblem sentence={problem?.sentence} />
      {signUp && (
        <Field label={words.name} hint={words.nameHint} error={fields.name}>
          {(control) => (
            <Input {...control} name="name" autoComplete="name" maxLength={NAME_MAX} data-autofocus="" required />
          )}
        </Field>
      )}
      <Field label={words.email} error={fields.email}>
        {(control) => (
          <Input
            {...control}
            name="email"
            type="email"
            autoComplete={signUp && !fixedEmail ? "email" : "username"}
            readOnly={fixedEmail}
            inputMode="email"
            defaultValue={email}
            data-autofocus={email === "" ? "" : undefined}
            maxLength={254}
            required
          />
        )}
      </Field>
      <Field
        label={kind === "new-password" ? words.newPassword : words.password}
        hint={choosesPassword ? words.passwordHint(PASSWORD_MIN) : undefined}
        error={fields.password}
      >
        {(control) => (
          <PasswordInput
            {...control}
            name="password"
            autoComplete={choosesPassword ? "new-password" : "current-password"}
            data-autofocus={email === "" ? undefined : ""}
            required
          />
        )}
      </Field>
      <Button type="submit" tone="primary" wide disabled={!hydrated} aria-disabled={busy || wait > 0}>
        {wait > 0 ? errorWords.retryIn(wait) : SUBMIT[kind][busy ? "busy" : "idle"]}
      </Button>
    </form>
  );
}

const SUBMIT: Record<AuthKind, { idle: string; busy: string }> = {
  "sign-in": { idle: words.signIn, busy: words.signingIn },
  "sign-up": { idle: words.signUp, busy: words.signingUp },
  "new-password": { idle: words.setPassword, busy: words.settingPassword },
};
