"use client";

import { X } from "lucide-react";
import { Toast } from "radix-ui";
import { createContext, type ReactNode, useCallback, useContext, useState } from "react";
import { Icon } from "./icon.tsx";
import styles from "./toasts.module.css";
import { words } from "./words.ts";

export interface ToastMessage {
  text: string;
  tone?: "error";
  action?: { label: string; run: () => void };
}

const ToastContext = createContext<(message: ToastMessage) => void>(() => {});
const PLAIN_MS = 6_000;
const ERROR_MS = 12_000;

/** One short message at a time, with one action at most. It stays while it is hovered or focused. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [current, setCurrent] = useState<(ToastMessage & { key: number; open: boolean }) | null>(null);
  const show = useCallback((message: ToastMessage) => {
    setCurrent((last) => ({ ...message, key: (last?.key ?? 0) + 1, open: true }));
  }, []);
  return (
    <ToastContext value={show}>
      <Toast.Provider swipeDirection="up" label={words.notification}>
        {children}
        {current && (
          <Toast.Root
            key={current.key}
            className={styles.toast}
            data-tone={current.tone}
            open={current.open}
            onOpenChange={(open) => setCurrent((last) => last && { ...last, open })}
            duration={current.tone === "error" ? ERROR_MS : PLAIN_MS}
            type={current.tone === "error" ? "foreground" : "background"}
          >
            <Toast.Description className={styles.text}>{current.text}</Toast.Description>
            {current.action && (
              <Toast.Action className={styles.action} altText={current.action.label} onClick={current.action.run}>
                {current.action.label}
              </Toast.Action>
            )}
            <Toast.Close className={styles.close} aria-label={words.close}>
              <Icon of={X} size={14} />
            </Toast.Close>
          </Toast.Root>
        )}
        <Toast.Viewport className={styles.viewport} />
      </Toast.Provider>
    </ToastContext>
  );
}

/** Shows a toast. */
export function useToast(): (message: ToastMessage) => void {
  return useContext(ToastContext);
}
