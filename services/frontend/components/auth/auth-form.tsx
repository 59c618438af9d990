"use client";

import { Eye, EyeOff } from "lucide-react";
import { type FormEvent, useRef, useState } from "react";
import {
  type Auth,
  type AuthField,
  type AuthProblem,
  type Credentials,
  checkCredentials,
  createAuth,
  PASSWORD_MIN,
} from "../../lib/data/auth.ts";
import { useCountdown } from "../../lib/hooks/use-countdown.ts";
import { useHydrated } from "../../lib/hooks/use-hydrated.ts";
import { strings } from "../../lib/strings.ts";
import { Button, IconButton } from "../ui/button.tsx";
import { Field, Input } from "../ui/field.tsx";
import { Icon } from "../ui/icon.tsx";
import styles from "./auth-form.module.css";

type AuthFormProps = { kind: "sign-in" | "sign-up"; auth?: Auth; email?: string; onDone: () => void };

/**
 * Email and password. Nothing stands in the way of pasting or of a password manager. Until the page can act on it, the
 * browser would send the form itself: it can't be submitted before, and would never put the fields into an address.
 */
export function AuthForm({ kind, auth, email = "", onDone }: AuthFormProps) {
  const [problem, setProblem] = useState<AuthProblem>(null);
  const [fields, setFields] = useState<Partial<Record<AuthField, string>>>({});
  const [busy, setBusy] = useState(false);
  const [shown, setShown] = useState(false);
  const hydrated = useHydrated();
  const wait = useCountdown(problem?.retryAfter ?? 0, problem);
  const form = useRef<HTMLFormElement>(null);
  const signUp = kind === "sign-up";

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
    const failed = signUp ? await client.signUp(typed) : await client.signIn(typed);
    if (failed === null) return onDone();
    setBusy(false);
    if (failed.field) refuse({ [failed.field]: failed.sentence });
    else setProblem(failed);
  };

  return (
    <form ref={form} className={styles.form} method="post" onSubmit={submit} noValidate>
      {problem && (
        <p className={styles.problem} role="alert">
          {problem.sentence}
        </p>
      )}
      {signUp && (
        <Field label={strings.auth.name} hint={strings.auth.nameHint} error={fields.name}>
          {(control) => <Input {...control} name="name" autoComplete="name" maxLength={80} required />}
        </Field>
      )}
      <Field label={strings.auth.email} error={fields.email}>
        {(control) => (
          <Input
            {...control}
            name="email"
            type="email"
            autoComplete={signUp ? "email" : "username"}
            inputMode="email"
            defaultValue={email}
            data-autofocus={email === "" ? "" : undefined}
            maxLength={254}
            required
          />
        )}
      </Field>
      <Field
        label={strings.auth.password}
        hint={signUp ? strings.auth.passwordHint(PASSWORD_MIN) : undefined}
        error={fields.password}
      >
        {(control) => (
          <div className={styles.password}>
            <Input
              {...control}
              name="password"
              type={shown ? "text" : "password"}
              autoComplete={signUp ? "new-password" : "current-password"}
              data-autofocus={email === "" ? undefined : ""}
              required
            />
            <IconButton label={shown ? strings.auth.hide : strings.auth.show} onClick={() => setShown(!shown)}>
              <Icon of={shown ? EyeOff : Eye} />
            </IconButton>
          </div>
        )}
      </Field>
      <Button type="submit" tone="primary" wide disabled={!hydrated} aria-disabled={busy || wait > 0}>
        {wait > 0 ? strings.retryIn(wait) : busyWords(busy, signUp)}
      </Button>
    </form>
  );
}

function busyWords(busy: boolean, signUp: boolean): string {
  if (busy) return signUp ? strings.auth.signingUp : strings.auth.signingIn;
  return signUp ? strings.auth.signUp : strings.auth.signIn;
}
