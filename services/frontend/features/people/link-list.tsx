"use client";

import type { Link } from "@taskassistant/contracts";
import { Button } from "../../ui/button.tsx";
import { useToast } from "../../ui/toasts.tsx";
import styles from "./link-list.module.css";
import { type PeopleApi, sentenceOf } from "./people-api.ts";
import { fromNow } from "./times.ts";
import { words } from "./words.ts";

interface LinkListProps {
  links: Link[];
  api: PeopleApi;
  onChanged: () => Promise<void>;
}

/** The links that can still be used, each with the way to withdraw it. Nobody can see the links themselves again. */
export function LinkList({ links, api, onChanged }: LinkListProps) {
  const toast = useToast();
  if (links.length === 0) return null;
  const revoke = async (id: string) => {
    try {
      await api.revoke(id);
      toast({ text: words.revoked });
    } catch (error) {
      toast({ text: sentenceOf(error), tone: "error" });
    }
    await onChanged();
  };
  return (
    <section className={styles.section}>
      <h2>{words.links}</h2>
      <ul className={styles.list}>
        {links.map((link) => {
          const what = words.kinds[link.kind](link.email);
          return (
            <li key={link.id} className={styles.row}>
              <div>
                <p>{what}</p>
                <p className={styles.note}>
                  {words.expires(fromNow(link.expires_at, Date.now()))}, {words.madeBy(link.created_by)}
                </p>
              </div>
              <Button tone="quiet" aria-label={words.revokeThis(what)} onClick={() => void revoke(link.id)}>
                {words.revoke}
              </Button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
