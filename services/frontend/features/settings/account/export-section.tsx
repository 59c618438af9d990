"use client";

import { pathOf, ROUTES } from "@taskassistant/contracts/routes";
import { Download } from "lucide-react";
import { Icon } from "../../../ui/icon.tsx";
import { useSession } from "../../session/session-context.ts";
import { Section } from "../settings-layout.tsx";
import { words } from "../words.ts";
import styles from "./export-section.module.css";

const FORMATS = Object.entries(words.data.formats);

/** Links to the files in which a person can take their tasks along. */
export function ExportSection() {
  const { user } = useSession();
  const path = pathOf(ROUTES.exportTasks, { user_id: user.id });
  return (
    <Section title={words.data.title} lead={words.data.lead}>
      <ul className={styles.list}>
        {FORMATS.map(([format, { name, hint }]) => (
          <li key={format}>
            <a className={styles.file} href={`${path}?format=${format}`} download>
              <Icon of={Download} size={18} />
              <span>
                <span className={styles.name}>{name}</span>
                <span className={styles.hint}>{hint}</span>
              </span>
            </a>
          </li>
        ))}
      </ul>
    </Section>
  );
}
