"use client";

import { Check, Copy } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { useAnnounce } from "../../../ui/announcer.tsx";
import { IconButton } from "../../../ui/button.tsx";
import { Icon } from "../../../ui/icon.tsx";
import { words } from "../words.ts";
import styles from "./code-block.module.css";

const COPIED_MS = 2_000;

/** Code in an answer, with a button that copies it. */
export function CodeBlock({ children }: { children: ReactNode }) {
  const code = useRef<HTMLPreElement>(null);
  const [copied, setCopied] = useState(false);
  const announce = useAnnounce();

  const copy = async () => {
    await navigator.clipboard.writeText(code.current?.textContent ?? "");
    setCopied(true);
    announce(words.copied);
    setTimeout(() => setCopied(false), COPIED_MS);
  };

  return (
    <div className={styles.block}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines must be scrollable by keyboard */}
      <pre ref={code} tabIndex={0}>
        {children}
      </pre>
      {typeof navigator !== "undefined" && navigator.clipboard && (
        <IconButton size="small" className={styles.copy} label={copied ? words.copied : words.copy} onClick={copy}>
          <Icon of={copied ? Check : Copy} size={14} />
        </IconButton>
      )}
    </div>
  );
}
