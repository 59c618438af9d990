"use client";

import type { Me } from "@taskassistant/contracts";
import { useCallback, useEffect, useMemo, useState } from "react";
import { createApi } from "../../lib/data/api.ts";
import { ApiError } from "../../lib/data/api-error.ts";
import { createAuth, type SignedInUser } from "../../lib/data/auth.ts";
import { strings } from "../../lib/strings.ts";
import { AnnouncerProvider } from "../ui/announcer.tsx";
import { ErrorNote } from "../ui/error-note.tsx";
import { ToastProvider } from "../ui/toasts.tsx";
import styles from "./boot.module.css";
import { Frame } from "./frame.tsx";
import { WorkspaceProvider } from "./workspace-provider.tsx";

type BootState =
  | { status: "loading" }
  | { status: "failed"; error: unknown }
  | { status: "ready"; me: Me; user: SignedInUser };

/** The page is prerendered without anybody's data; here the browser finds out who is looking. */
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
        <h1>{strings.errors.boot}</h1>
        <ErrorNote error={state.error} onRetry={load} />
      </main>
    );
  }
  return (
    <AnnouncerProvider>
      <ToastProvider>
        <WorkspaceProvider me={state.me} user={state.user} />
      </ToastProvider>
    </AnnouncerProvider>
  );
}
