"use client";

import { pathOf, ROUTES } from "@taskassistant/contracts/routes";
import { Download } from "lucide-react";
import { useState } from "react";
import { Icon } from "../../../ui/icon.tsx";
import { PlaceLink } from "../../../ui/place-link.tsx";
import { useSession } from "../../session/session-context.ts";
import { Section } from "../settings-layout.tsx";
import { words } from "../words.ts";
import type { AccountClient } from "./account-client.ts";
import { download, followDownload } from "./download.ts";
import styles from "./export-section.module.css";
import { Problem } from "./problem.tsx";

const FORMATS = Object.entries(words.data.formats);

/** Links to the files in which a person can take their tasks along. */
export function ExportSection({ account }: { account: AccountClient }) {
  const { user } = useSession();
  const path = pathOf(ROUTES.exportTasks, { user_id: user.id });
  const [problem, setProblem] = useState<unknown>();
  const get = (href: string) => {
    setProblem(undefined);
    void download(href, { ready: account.ready, follow: followDownload, refused: setProblem });
  };
  return (
    <Section title={words.data.title} lead={words.data.lead}>
      <Problem error={problem} />
      <ul className={styles.list}>
        {FORMATS.map(([format, { name, hint }]) => (
          <li key={format}>
            <PlaceLink
              className={styles.file}
              href={`${path}?format=${format}`}
              download
              onGo={() => get(`${path}?format=${format}`)}
            >
              <Icon of={Download} size={18} />
              <span>
                <span className={styles.name}>{name}</span>
                <span className={styles.hint}>{hint}</span>
              </span>
            </PlaceLink>
          </li>
        ))}
      </ul>
    </Section>
  );
}
