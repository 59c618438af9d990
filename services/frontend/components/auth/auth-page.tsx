"use client";

import { useEffect, useState } from "react";
import { createApi } from "../../lib/data/api.ts";
import { strings } from "../../lib/strings.ts";
import { Brand } from "../ui/brand.tsx";
import { AuthForm } from "./auth-form.tsx";
import styles from "./auth-page.module.css";

/** Signing in or up as a page of its own. Making an account is offered only where it is open. */
export function AuthPage({ kind }: { kind: "sign-in" | "sign-up" }) {
  const [signUp, setSignUp] = useState<"Open" | "Closed" | null>(null);
  useEffect(() => {
    createApi()
      .config()
      .then((config) => setSignUp(config.signUp))
      // Without an answer nothing is offered; signing in will say what is wrong.
      .catch(() => setSignUp(null));
  }, []);

  const enter = () => {
    const chat = new URLSearchParams(window.location.search).get("chat");
    window.location.replace(chat === null ? "/" : `/?chat=${encodeURIComponent(chat)}`);
  };
  const { auth } = strings;
  const closed = kind === "sign-up" && signUp === "Closed";

  return (
    <div className={styles.page}>
      <header className={styles.brand}>
        <Brand />
      </header>
      <main className={styles.main}>
        <h1>{kind === "sign-in" ? auth.signInTitle : auth.signUpTitle}</h1>
        <p className={styles.lead}>{closed ? auth.closed : kind === "sign-in" ? auth.signInLead : auth.signUpLead}</p>
        {!closed && <AuthForm kind={kind} onDone={enter} />}
        <p className={styles.other}>
          {kind === "sign-in" && signUp === "Open" && (
            <>
              {auth.toSignUp} <a href="/sign-up">{auth.signUp}</a>
            </>
          )}
          {kind === "sign-up" && (
            <>
              {auth.toSignIn} <a href="/sign-in">{auth.signIn}</a>
            </>
          )}
        </p>
      </main>
    </div>
  );
}
