"use client";

import { ArrowLeft } from "lucide-react";
import type { MouseEvent } from "react";
import { Icon } from "../../ui/icon.tsx";
import styles from "./settings-layout.module.css";
import { words } from "./words.ts";

/** Leads to the tasks: back to the chat from which the person came, if there was one. */
export function BackLink() {
  return (
    <a href="/" className={styles.back} onClick={goBack}>
      <Icon of={ArrowLeft} />
      {words.back}
    </a>
  );
}

function goBack(event: MouseEvent): void {
  const opensElsewhere = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
  if (opensElsewhere || !document.referrer.startsWith(`${window.location.origin}/?`)) return;
  event.preventDefault();
  window.history.back();
}
