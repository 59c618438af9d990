"use client";

import { ChevronDown } from "lucide-react";
import { Icon } from "../../../ui/icon.tsx";
import { words } from "../words.ts";
import styles from "./reasoning.module.css";

/** What the model thought before it answered, folded: it is not the answer, and most people never need it. */
export function Reasoning({ text }: { text: string }) {
  return (
    <details className={styles.reasoning}>
      <summary className={styles.summary}>
        <Icon of={ChevronDown} className={styles.chevron} />
        {words.reasoning}
      </summary>
      <div className={styles.text}>{text.trim()}</div>
    </details>
  );
}
