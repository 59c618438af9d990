"use client";

import { type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { signInAddress } from "../features/session/sign-in-address.ts";
import { ApiError } from "../lib/errors/api-error.ts";
import { ErrorNote } from "../lib/errors/error-note.tsx";
import { AnnouncerProvider } from "../ui/announcer.tsx";
import { ToastProvider } from "../ui/toasts.tsx";
import styles from "./boot.module.css";
import { words } from "./words.ts";

interface BootProps<Loaded> {
  /** Asks who is signed in, and for what the page begins with. It must be the same function each time. */
  load: () => Promise<Loaded>;
  /** What the server sends, and what is seen while `load` runs. */
  frame: ReactNode;
  children: (loaded: Loaded) => ReactNode;
}

type BootState<Loaded> =
  | { status: "loading" }
  | { status: "failed"; error: unknown }
  | { status: "ready"; loaded: Loaded };

/** A page for signed-in people. It is prerendered without anybody's data. Here the browser asks who is signed in. */
export function Boot<Loaded>({ load, frame, children }: BootProps<Loaded>) {
  const [state, setState] = useState<BootState<Loaded>>({ status: "loading" });

  const attempts = useRef(0);
  const start = useCallback(async () => {
    const attempt = ++attempts.current;
    setState({ status: "loading" });
    try {
      const loaded = await load();
      // Who loads twice gets one page, not a second one in the place of the first.
      if (attempt === attempts.current) setState({ status: "ready", loaded });
    } catch (error) {
      if (attempt !== attempts.current) return;
      if (error instanceof ApiError && error.status === 401) window.location.replace(signInAddress(window.location));
      else setState({ status: "failed", error });
    }
  }, [load]);

  useEffect(() => void start(), [start]);

  if (state.status === "loading") return frame;
  if (state.status === "failed") {
    return (
      <main className={styles.failed}>
        <h1>{words.bootFailed}</h1>
        <ErrorNote error={state.error} onRetry={start} />
      </main>
    );
  }
  return (
    <AnnouncerProvider>
      <ToastProvider>{children(state.loaded)}</ToastProvider>
    </AnnouncerProvider>
  );
}
