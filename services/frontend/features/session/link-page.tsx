"use client";

import type { OpenedLink } from "@taskassistant/contracts";
import type { LinkKind } from "@taskassistant/contracts/links";
import { useCallback, useEffect, useState } from "react";
import { Brand } from "../../ui/brand.tsx";
import { Button } from "../../ui/button.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { type AuthProblem, type Credentials, createAuth, type LinkProblem } from "./auth.ts";
import { AuthForm } from "./auth-form.tsx";
import styles from "./auth-page.module.css";
import { linkSecret } from "./link-secret.ts";
import { words } from "./words.ts";

type State = { status: "loading" } | { status: "refused"; problem: NonNullable<LinkProblem> } | Opened;
type Opened = { status: "open"; secret: string; link: OpenedLink };

const TEXTS = {
  invitation: { title: words.joinTitle, lead: words.joinLead, form: "sign-up" },
  password: { title: words.newPasswordTitle, lead: words.newPasswordLead, form: "new-password" },
} as const;

/** The page that a one-time link opens. The secret is read from behind `#`, and opening the page does not use the link. */
export function LinkPage({ kind }: { kind: LinkKind }) {
  const [state, setState] = useState<State>({ status: "loading" });
  const texts = TEXTS[kind];

  const load = useCallback(async () => {
    setState({ status: "loading" });
    const secret = linkSecret(window.location.hash);
    const link = await createAuth().openLink(secret, kind);
    setState("sentence" in link ? { status: "refused", problem: link } : { status: "open", secret, link });
  }, [kind]);
  useEffect(() => {
    void load();
    // Pasting another link into the address field changes only what stands behind `#`.
    window.addEventListener("hashchange", load);
    return () => window.removeEventListener("hashchange", load);
  }, [load]);

  return (
    <div className={styles.page}>
      <header className={styles.brand}>
        <Brand />
      </header>
      <main className={styles.main}>
        <h1>{state.status === "refused" ? words.linkTitle : texts.title}</h1>
        {state.status === "loading" && <Skeleton lines={4} />}
        {state.status === "refused" && (
          <>
            <p className={styles.lead} role="alert">
              {state.problem.final ? "" : `${words.linkFailed} `}
              {state.problem.sentence}
            </p>
            {state.problem.final ? (
              <p className={styles.other}>
                <a href="/sign-in">{words.toSignInPage}</a>
              </p>
            ) : (
              <Button tone="primary" wide onClick={() => void load()}>
                {words.retry}
              </Button>
            )}
          </>
        )}
        {state.status === "open" && (
          <>
            <p className={styles.lead}>{texts.lead}</p>
            <AuthForm
              kind={texts.form}
              email={state.link.email ?? ""}
              fixedEmail={state.link.email !== null}
              act={(typed) => follow(kind, state.secret, typed)}
              onDone={() => undefined}
            />
          </>
        )}
      </main>
    </div>
  );
}

/** Uses the link and signs in. If only signing in fails, the sign-in page says why. */
async function follow(kind: LinkKind, secret: string, typed: Credentials): Promise<AuthProblem> {
  const auth = createAuth();
  const failed = await auth.followLink(secret, kind, typed);
  if (failed !== null) return failed;
  const refused = await auth.signIn(typed);
  // Replaces this page in the history, so that going back does not lead to a used link.
  window.location.replace(refused === null ? "/" : "/sign-in");
  return null;
}
