"use client";

import type { NewLink } from "@taskassistant/contracts";
import { ArrowLeft, UserPlus } from "lucide-react";
import { type ReactNode, useState } from "react";
import { ErrorNote } from "../../lib/errors/error-note.tsx";
import { Button } from "../../ui/button.tsx";
import { Input } from "../../ui/field.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { ToastProvider } from "../../ui/toasts.tsx";
import { InviteDialog } from "./invite-dialog.tsx";
import { LinkDialog } from "./link-dialog.tsx";
import { LinkList } from "./link-list.tsx";
import styles from "./people-page.module.css";
import { PersonRow } from "./person-row.tsx";
import { usePeople } from "./use-people.ts";
import { words } from "./words.ts";

/** The administration. The server decides who sees it; `notFound` is what everybody else sees. */
export function PeoplePage({ notFound }: { notFound: ReactNode }) {
  return (
    <ToastProvider>
      <People notFound={notFound} />
    </ToastProvider>
  );
}

function People({ notFound }: { notFound: ReactNode }) {
  const [search, setSearch] = useState("");
  const [inviting, setInviting] = useState(false);
  const [made, setMade] = useState<NewLink | null>(null);
  const { api, state, load, more } = usePeople(search);
  if (state.status === "nothing") return notFound;

  const show = (link: NewLink) => {
    setInviting(false);
    setMade(link);
    void load();
  };

  return (
    <main className={styles.page}>
      <a className={styles.back} href="/">
        <Icon of={ArrowLeft} />
        {words.back}
      </a>
      <div className={styles.head}>
        <h1>{words.title}</h1>
        {state.status === "ready" && (
          <Button tone="primary" onClick={() => setInviting(true)}>
            <Icon of={UserPlus} />
            {words.invite}
          </Button>
        )}
      </div>
      <p className={styles.lead}>{words.lead}</p>
      {state.status === "loading" && <Skeleton lines={5} />}
      {state.status === "failed" && (
        <ErrorNote error={state.error} lead={words.loadFailed} onRetry={() => void load()} />
      )}
      {state.status === "ready" && (
        <>
          <div className={styles.tools}>
            <Input
              type="search"
              autoComplete="off"
              aria-label={words.search}
              placeholder={words.search}
              value={search}
              maxLength={200}
              onChange={(event) => setSearch(event.target.value)}
            />
            <span role="status">{words.count(state.total)}</span>
          </div>
          {state.people.length === 0 && <p className={styles.empty}>{words.nobodyFound}</p>}
          <ul className={styles.list}>
            {state.people.map((person) => (
              <PersonRow
                key={person.id}
                person={person}
                isSelf={person.id === state.user.id}
                api={api}
                onChanged={load}
                onLink={show}
              />
            ))}
          </ul>
          {state.next !== null && (
            <Button wide onClick={() => void more()}>
              {words.more}
            </Button>
          )}
          <LinkList links={state.links} api={api} onChanged={load} />
        </>
      )}
      <InviteDialog open={inviting} api={api} onClose={() => setInviting(false)} onMade={show} />
      {made !== null && <LinkDialog link={made} onClose={() => setMade(null)} />}
    </main>
  );
}
