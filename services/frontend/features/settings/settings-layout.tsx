import type { ReactNode } from "react";
import { Brand } from "../../ui/brand.tsx";
import { BackLink } from "./back-link.tsx";
import styles from "./settings-layout.module.css";
import { words } from "./words.ts";

/** The frame of the settings: the way back, the title, and one column of sections. */
export function SettingsLayout({ children }: { children: ReactNode }) {
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <BackLink />
        <span className={styles.brand}>
          <Brand />
        </span>
      </header>
      <main className={styles.main}>
        <h1>{words.settings}</h1>
        {children}
      </main>
    </div>
  );
}

/** One subject of the settings. */
export function Section({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
  const id = `settings-${title.toLowerCase().replaceAll(" ", "-")}`;
  return (
    <section className={styles.section} aria-labelledby={id}>
      <div className={styles.head}>
        <h2 id={id}>{title}</h2>
        {lead !== undefined && <p>{lead}</p>}
      </div>
      <div className={styles.body}>{children}</div>
    </section>
  );
}
