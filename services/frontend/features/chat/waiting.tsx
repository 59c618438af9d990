"use client";

import { useEffect, useState } from "react";
import type { ChatMessage } from "./store/chat-message.ts";
import styles from "./waiting.module.css";
import { words } from "./words.ts";

const SLOW_MS = 9_000;

/** Three quiet dots while no text arrives, and after a while a sentence. */
export function Waiting({ last }: { last: ChatMessage | undefined }) {
  const [slow, setSlow] = useState(false);
  const part = last?.role === "assistant" ? last.parts.at(-1) : undefined;
  const running = part?.type === "dynamic-tool" && part.state !== "output-available" && part.state !== "output-error";
  const writing = part?.type === "text" && part.text !== "";
  const progress = last?.parts.length ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new part starts the wait again
  useEffect(() => {
    setSlow(false);
    const timer = setTimeout(() => setSlow(true), SLOW_MS);
    return () => clearTimeout(timer);
  }, [progress, writing]);
  if (running || writing) return null;
  return (
    <div className={styles.waiting}>
      <span className={styles.dots} aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      {slow ? words.slow : words.thinking}
    </div>
  );
}
