"use client";

import type { AppConfig } from "@taskassistant/contracts";
import { useEffect, useState } from "react";
import { createApi } from "../../lib/api.ts";
import { Brand } from "../../ui/brand.tsx";
import { AuthForm } from "./auth-form.tsx";
import styles from "./auth-page.module.css";
import { addressAfterSignIn } from "./sign-in-address.ts";
import { DELETED } from "./use-sign-out.ts";
import { words } from "./words.ts";

/** Signing in or signing up on a page of its own. Creating an account is offered only where sign-up is open. */
export function AuthPage({ kind }: { kind: "sign-in" | "sign-up" }) {
  const [signUp, setSignUp] = useState<AppConfig["signUp"] | null>(null);
  useEffect(() => {
    createApi()
      .config()
      .then((config) => setSignUp(config.signUp))
      // Without an answer no account is offered; signing in will show what is wrong.
      .catch(() => setSignUp(null));
  }, []);

  const [deleted, setDeleted] = useState(false);
  useEffect(() => setDeleted(new URLSearchParams(window.location.search).has(DELETED)), []);

  const enter = () => window.location.replace(addressAfterSignIn(window.location.search));
  const closed = kind === "sign-up" && signUp === "Closed";

  return (
    <div className={styles.page}>
      <header className={styles.brand}>
        <Brand />
      </header>
      <main className={styles.main}>
        <h1>{kind === "sign-in" ? words.signInTitle : words.signUpTitle}</h1>
        <p className={styles.lead}>
          {closed ? words.closed : kind === "sign-in" ? words.signInLead : words.signUpLead}
        </p>
        <p role="status" className={deleted ? styles.deleted : undefined}>
          {deleted && words.deleted}
        </p>
        {!closed && <AuthForm kind={kind} onDone={enter} />}
        <p className={styles.other}>
          {kind === "sign-in" && signUp === "Open" && (
            <>
              {words.toSignUp} <a href="/sign-up">{words.signUp}</a>
            </>
          )}
          {kind === "sign-up" && (
            <>
              {words.toSignIn} <a href="/sign-in">{words.signIn}</a>
            </>
          )}
        </p>
      </main>
    </div>
  );
}
