"use client";

import type { OwnSession } from "@taskassistant/contracts";
import { Monitor, Smartphone, SquareTerminal } from "lucide-react";
import { useCallback, useEffect, useRef, useState } from "react";
import { ApiError } from "../../../lib/errors/api-error.ts";
import { explain } from "../../../lib/errors/explain.ts";
import { Button } from "../../../ui/button.tsx";
import { Icon } from "../../../ui/icon.tsx";
import { useToast } from "../../../ui/toasts.tsx";
import { useSession } from "../../session/session-context.ts";
import { pageLocale } from "../../workspace/locale.ts";
import { Section } from "../settings-layout.tsx";
import { words } from "../words.ts";
import type { AccountClient } from "./account-client.ts";
import { describeTimes, kindOf } from "./describe-session.ts";
import styles from "./devices-section.module.css";
import { CHANGED } from "./sessions-changed.ts";

const ICONS = { computer: Monitor, phone: Smartphone, script: SquareTerminal };

/** Where the person is signed in, and the ways to end it. */
export function DevicesSection({ account, initial }: { account: AccountClient; initial: OwnSession[] }) {
  const { lost, whenBack } = useSession();
  const toast = useToast();
  const [sessions, setSessions] = useState(initial);
  const [busy, setBusy] = useState<string | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const others = sessions.filter(({ current }) => !current);

  const refresh = useCallback(async () => {
    // What can't be refreshed stays as it is; the next action shows what is wrong.
    setSessions((await account.sessions().catch(() => null)) ?? ((known) => known));
  }, [account]);

  // The person may have signed in or out elsewhere meanwhile.
  useEffect(() => {
    const onShown = () => void (document.visibilityState === "visible" && !lost && refresh());
    document.addEventListener("visibilitychange", onShown);
    window.addEventListener(CHANGED, onShown);
    return () => {
      document.removeEventListener("visibilitychange", onShown);
      window.removeEventListener(CHANGED, onShown);
    };
  }, [refresh, lost]);

  useEffect(() => (lost ? whenBack(() => void refresh()) : undefined), [lost, whenBack, refresh]);

  const end = async (what: string, act: () => Promise<unknown>, done: string) => {
    if (busy !== null) return;
    setBusy(what);
    try {
      await act();
      toast({ text: done });
    } catch (error) {
      const status = error instanceof ApiError ? error.status : 0;
      // Somebody was faster, which is what the person wanted; or the dialog asks to sign in.
      if (status === 404) toast({ text: done });
      else if (status !== 401) toast({ text: explain(error).sentence, tone: "error" });
    }
    await refresh();
    setBusy(null);
    // The button is gone with its row.
    list.current?.focus();
  };

  return (
    <Section title={words.devices.title} lead={words.devices.lead}>
      {/* Takes the focus when a row goes whose button had it. */}
      <ul ref={list} className={styles.list} tabIndex={-1} aria-label={words.devices.title}>
        {sessions.map((session) => (
          <Device
            key={session.id}
            session={session}
            busy={busy === session.id}
            onEnd={() =>
              void end(session.id, () => account.endSession(session.id), words.devices.ended(nameOf(session)))
            }
          />
        ))}
      </ul>
      {others.length > 0 && (
        <Button
          aria-disabled={busy !== null}
          onClick={() => void end("others", account.endOtherSessions, words.devices.othersEnded)}
        >
          {words.devices.endOthers}
        </Button>
      )}
    </Section>
  );
}

function Device({ session, busy, onEnd }: { session: OwnSession; busy: boolean; onEnd: () => void }) {
  const name = nameOf(session);
  const { signedIn, lastSeen } = describeTimes(session, new Date(), pageLocale(navigator.languages));
  return (
    <li className={styles.device}>
      <span className={styles.icon}>
        <Icon of={ICONS[kindOf(session.device)]} size={18} />
      </span>
      <div className={styles.facts}>
        <p className={styles.name}>
          {name}
          {session.current && <span className={styles.badge}>{words.devices.current}</span>}
        </p>
        <p>{session.current ? words.devices.active : lastSeen}</p>
        <p>
          {signedIn}
          {session.address !== "" && words.devices.from(session.address)}
        </p>
      </div>
      {!session.current && (
        <Button aria-label={words.devices.endThis(name, signedIn)} aria-disabled={busy} onClick={onEnd}>
          {words.devices.end}
        </Button>
      )}
    </li>
  );
}

function nameOf({ device }: OwnSession): string {
  return device === "" ? words.devices.unknown : device;
}
