"use client";

import type { OwnSession } from "@taskassistant/contracts";
import { useSession } from "../session/session-context.ts";
import type { AccountClient } from "./account/account-client.ts";
import { DeleteSection } from "./account/delete-section.tsx";
import { DevicesSection } from "./account/devices-section.tsx";
import { ExportSection } from "./account/export-section.tsx";
import { PasswordSection } from "./account/password-section.tsx";
import { Section, SettingsLayout } from "./settings-layout.tsx";
import styles from "./settings-page.module.css";
import { words } from "./words.ts";

/** Everything a person can see and change of their own account. */
export function SettingsPage({ account, sessions }: { account: AccountClient; sessions: OwnSession[] }) {
  const { user } = useSession();
  return (
    <SettingsLayout>
      <Section title={words.account}>
        <dl className={styles.facts}>
          <div>
            <dt>{words.name}</dt>
            <dd dir="auto">{user.name}</dd>
          </div>
          <div>
            <dt>{words.email}</dt>
            <dd>{user.email}</dd>
          </div>
        </dl>
      </Section>
      <PasswordSection account={account} />
      <DevicesSection account={account} initial={sessions} />
      <ExportSection account={account} />
      <DeleteSection account={account} />
    </SettingsLayout>
  );
}
