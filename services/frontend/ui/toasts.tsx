"use client";

import { X } from "lucide-react";
import { Toast } from "radix-ui";
import { createContext, type ReactNode, useCallback, useContext, useRef, useState } from "react";
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

/** Most messages at a time. What each of them did can still be taken back step by step. */
const SHOWN_MAX = 3;

/** Short messages with one action at most each, the newest last. They stay while they are hovered or focused. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<readonly (ToastMessage & { key: number })[]>([]);
  const nextKey = useRef(0);
  const show = useCallback((message: ToastMessage) => {
    const key = nextKey.current++;
    setShown((others) => [...others, { ...message, key }].slice(-SHOWN_MAX));
  }, []);
  const close = (key: number) => setShown((all) => all.filter((toast) => toast.key !== key));
  return (
    <ToastContext value={show}>
      <Toast.Provider swipeDirection="up" label={words.notification}>
        {children}
        {shown.map(({ key, text, tone, action }) => (
          <Toast.Root
            key={key}
            className={styles.toast}
            data-tone={tone}
            open
            onOpenChange={(open) => open || close(key)}
            duration={tone === "error" ? ERROR_MS : PLAIN_MS}
            type={tone === "error" ? "foreground" : "background"}
          >
            <Toast.Description className={styles.text}>{text}</Toast.Description>
            {action && (
              <Toast.Action className={styles.action} altText={action.label} onClick={action.run}>
                {action.label}
              </Toast.Action>
            )}
            <Toast.Close className={styles.close} aria-label={words.close}>
              <Icon of={X} size={14} />
            </Toast.Close>
          </Toast.Root>
        ))}
        <Toast.Viewport className={styles.viewport} />
      </Toast.Provider>
    </ToastContext>
  );
}

/** Shows a toast. */
export function useToast(): (message: ToastMessage) => void {
  return useContext(ToastContext);
}
