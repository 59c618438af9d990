"use client";

import type { NewLink, Person } from "@taskassistant/contracts";
import { Ban, Check, Ellipsis, KeyRound, Shield, ShieldOff } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { useState } from "react";
import { IconButton } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import menu from "../../ui/menu.module.css";
import { useToast } from "../../ui/toasts.tsx";
import { ConfirmDialog, type Question } from "./confirm-dialog.tsx";
import { type PeopleApi, type PersonAction, sentenceOf } from "./people-api.ts";
import styles from "./person-row.module.css";
import { fromNow } from "./times.ts";
import { words } from "./words.ts";

interface PersonRowProps {
  person: Person;
  isSelf: boolean;
  api: PeopleApi;
  onChanged: () => Promise<void>;
  onLink: (link: NewLink) => void;
}

const DONE: Readonly<Record<PersonAction, (name: string) => string>> = {
  promote: words.promoted,
  demote: words.demoted,
  disable: words.wasDisabled,
  enable: words.enabled,
};

/** One person with what an administrator can do about the account. */
export function PersonRow({ person, isSelf, api, onChanged, onLink }: PersonRowProps) {
  const toast = useToast();
  const [question, setQuestion] = useState<Question | null>(null);
  const name = person.name || person.email;

  const attempt = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      toast({ text: sentenceOf(error), tone: "error" });
      await onChanged();
    }
  };
  const change = (action: PersonAction) =>
    attempt(async () => {
      await api.change(person.id, action);
      toast({ text: DONE[action](name) });
      await onChanged();
    });
  // Once the menu has closed and given the focus back, so that the dialog can take it.
  const ask = (asked: Omit<Question, "run">, run: () => Promise<void>) =>
    setTimeout(() => setQuestion({ ...asked, run }));
  const administrates = person.role === "administrator";

  return (
    <li className={styles.row} data-disabled={person.disabled}>
      <span className={styles.initial} aria-hidden="true">
        {name.charAt(0).toUpperCase()}
      </span>
      <div className={styles.who}>
        <p className={styles.name}>
          <bdi>{name}</bdi>
          {isSelf && <span className={styles.badge}>{words.you}</span>}
          {administrates && <span className={styles.badge}>{words.administrator}</span>}
          {person.disabled && <span className={styles.warning}>{words.disabled}</span>}
        </p>
        <p className={styles.email}>{person.email}</p>
        <p className={styles.seen}>
          {person.last_seen_at === null ? words.neverSeen : words.seen(fromNow(person.last_seen_at, Date.now()))}
        </p>
      </div>
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger asChild>
          <IconButton label={words.actionsFor(name)}>
            <Icon of={Ellipsis} />
          </IconButton>
        </DropdownMenu.Trigger>
        <DropdownMenu.Content className={menu.menu} align="end" sideOffset={4} collisionPadding={8}>
          {!person.disabled && (
            <DropdownMenu.Item
              className={menu.item}
              onSelect={() =>
                ask(words.confirm.passwordLink(name), () =>
                  attempt(async () => onLink(await api.passwordLink(person.id))),
                )
              }
            >
              <Icon of={KeyRound} />
              {words.makePasswordLink}
            </DropdownMenu.Item>
          )}
          {administrates ? (
            <DropdownMenu.Item
              className={menu.item}
              onSelect={() =>
                ask(isSelf ? words.confirm.demoteSelf() : words.confirm.demote(name), () => change("demote"))
              }
            >
              <Icon of={ShieldOff} />
              {words.demote}
            </DropdownMenu.Item>
          ) : (
            !person.disabled && (
              <DropdownMenu.Item
                className={menu.item}
                onSelect={() => ask(words.confirm.promote(name), () => change("promote"))}
              >
                <Icon of={Shield} />
                {words.promote}
              </DropdownMenu.Item>
            )
          )}
          {person.disabled && (
            <DropdownMenu.Item className={menu.item} onSelect={() => void change("enable")}>
              <Icon of={Check} />
              {words.enable}
            </DropdownMenu.Item>
          )}
          {!person.disabled && !isSelf && (
            <DropdownMenu.Item
              className={`${menu.item} ${menu.danger}`}
              onSelect={() => ask({ ...words.confirm.disable(name), danger: true }, () => change("disable"))}
            >
              <Icon of={Ban} />
              {words.disable}
            </DropdownMenu.Item>
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Root>
      <ConfirmDialog question={question} onClose={() => setQuestion(null)} />
    </li>
  );
}
