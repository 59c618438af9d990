import type { ReactNode } from "react";
import styles from "./notice.module.css";

/** A page with a single message. */
export function Notice({ title, body, children }: { title: string; body: string; children: ReactNode }) {
  return (
    <main className={styles.notice}>
      <h1>{title}</h1>
      <p>{body}</p>
      {children}
    </main>
  );
}
