"use client";

import type { Me } from "@taskassistant/contracts";
import { useCallback, useEffect, useMemo, useState } from "react";
import { createAuth, type SignedInUser } from "../features/session/auth.ts";
import { createApi } from "../lib/api.ts";
import { ApiError } from "../lib/errors/api-error.ts";
import { ErrorNote } from "../lib/errors/error-note.tsx";
import { AnnouncerProvider } from "../ui/announcer.tsx";
import { ToastProvider } from "../ui/toasts.tsx";
import styles from "./boot.module.css";
import { Frame } from "./frame.tsx";
import { SignedIn } from "./signed-in.tsx";
import { words } from "./words.ts";

type BootState =
  | { status: "loading" }
  | { status: "failed"; error: unknown }
  | { status: "ready"; me: Me; user: SignedInUser };

/** The page is prerendered without anybody's data. Here the browser asks who is signed in. */
export function Boot() {
  const [state, setState] = useState<BootState>({ status: "loading" });
  const api = useMemo(() => createApi(), []);

  const load = useCallback(async () => {
    setState({ status: "loading" });
    try {
      const [me, user] = await Promise.all([api.me(), createAuth().user()]);
      setState({ status: "ready", me, user: user ?? { id: me.user_id, name: "", email: "" } });
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) {
        const next = window.location.search;
        window.location.replace(next === "" ? "/sign-in" : `/sign-in${next}`);
      } else setState({ status: "failed", error });
    }
  }, [api]);

  useEffect(() => void load(), [load]);

  if (state.status === "loading") return <Frame />;
  if (state.status === "failed") {
    return (
      <main className={styles.failed}>
        <h1>{words.bootFailed}</h1>
        <ErrorNote error={state.error} onRetry={load} />
      </main>
    );
  }
  return (
    <AnnouncerProvider>
      <ToastProvider>
        <SignedIn me={state.me} user={state.user} />
      </ToastProvider>
    </AnnouncerProvider>
  );
}
