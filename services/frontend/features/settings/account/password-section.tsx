"use client";

import { PASSWORD_MIN } from "@taskassistant/contracts/limits";
import { isPasswordRefusal, PASSWORD_REFUSALS } from "@taskassistant/contracts/password-refusals";
import { CircleCheck } from "lucide-react";
import { type FormEvent, useRef, useState } from "react";
import { ApiError } from "../../../lib/errors/api-error.ts";
import { Button } from "../../../ui/button.tsx";
import { Field } from "../../../ui/field.tsx";
import { formClass } from "../../../ui/form.tsx";
import { Icon } from "../../../ui/icon.tsx";
import { PasswordInput } from "../../../ui/password-input.tsx";
import { useSession } from "../../session/session-context.ts";
import { useHydrated } from "../../session/use-hydrated.ts";
import { Section } from "../settings-layout.tsx";
import { words } from "../words.ts";
import type { AccountClient } from "./account-client.ts";
import styles from "./forms.module.css";
import { ownPasswordError } from "./own-password-error.ts";
import { Problem } from "./problem.tsx";
import { CHANGED } from "./sessions-changed.ts";

interface Problems {
  current?: string | undefined;
  next?: string | undefined;
  /** What is not about one field. */
  other?: unknown;
}

/** Changes the password, which ends all other sessions. */
export function PasswordSection({ account }: { account: AccountClient }) {
  const { user } = useSession();
  const hydrated = useHydrated();
  const [problems, setProblems] = useState<Problems>({});
  const [state, setState] = useState<"idle" | "busy" | "changed">("idle");
  const form = useRef<HTMLFormElement>(null);

  const refuse = (wrong: Problems) => {
    setProblems(wrong);
    setState("idle");
    const name = wrong.current === undefined ? (wrong.next === undefined ? null : "next") : "current";
    if (name !== null) form.current?.querySelector<HTMLInputElement>(`[name=${name}]`)?.focus();
  };

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (state === "busy") return;
    const data = new FormData(event.currentTarget);
    const [current, next] = [String(data.get("current") ?? ""), String(data.get("next") ?? "")];
    if (current === "") return refuse({ current: words.password.currentMissing });
    if (next.length < PASSWORD_MIN) return refuse({ next: PASSWORD_REFUSALS.PASSWORD_TOO_SHORT });
    if (next === current) return refuse({ next: words.password.same });
    setProblems({});
    setState("busy");
    try {
      await account.changePassword(current, next);
      form.current?.reset();
      setState("changed");
      window.dispatchEvent(new Event(CHANGED));
    } catch (error) {
      if (error instanceof ApiError && isPasswordRefusal(error.code)) {
        return refuse({ next: PASSWORD_REFUSALS[error.code] });
      }
      const sentence = ownPasswordError(error);
      refuse(sentence === undefined ? { other: error } : { current: sentence });
    }
  };

  return (
    <Section title={words.password.title} lead={words.password.lead}>
      <form ref={form} className={formClass} method="post" onSubmit={submit} noValidate>
        {/* Tells password managers whose password it is. */}
        <input type="text" name="username" autoComplete="username" value={user.email} readOnly hidden />
        <Problem error={problems.other} />
        <Field label={words.password.current} error={problems.current}>
          {(control) => <PasswordInput {...control} name="current" autoComplete="current-password" required />}
        </Field>
        <Field label={words.password.next} hint={words.password.hint(PASSWORD_MIN)} error={problems.next}>
          {(control) => <PasswordInput {...control} name="next" autoComplete="new-password" required />}
        </Field>
        <div className={styles.actions}>
          <Button type="submit" tone="primary" disabled={!hydrated} aria-disabled={state === "busy"}>
            {state === "busy" ? words.password.changing : words.password.change}
          </Button>
          <p role="status" className={styles.done}>
            {state === "changed" && (
              <>
                <Icon of={CircleCheck} />
                {words.password.changed}
              </>
            )}
          </p>
        </div>
      </form>
    </Section>
  );
}
