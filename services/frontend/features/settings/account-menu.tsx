"use client";

import { Check, ChevronsUpDown, Keyboard, LogOut, Monitor, Moon, Settings, Sun, Users } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { type MouseEvent, useState } from "react";
import { hasKeyboard } from "../../lib/keyboard.ts";
import { Icon } from "../../ui/icon.tsx";
import menu from "../../ui/menu.module.css";
import { useToast } from "../../ui/toasts.tsx";
import { VisuallyHidden } from "../../ui/visually-hidden.tsx";
import { words as uiWords } from "../../ui/words.ts";
import { useSession } from "../session/session-context.ts";
import { announceSignOut } from "../session/use-sign-out.ts";
import styles from "./account-menu.module.css";
import { readTheme, type Theme, writeTheme } from "./theme.ts";
import { words } from "./words.ts";

const THEMES = [
  { theme: "light", icon: Sun },
  { theme: "dark", icon: Moon },
  { theme: "system", icon: Monitor },
] as const;

interface AccountMenuProps {
  onHelp: () => void;
  /** Whether leaving the page now would end something. Other pages then open beside it. */
  isBusy: () => boolean;
}

/** Who is signed in, with the theme, the settings, the shortcuts and signing out. */
export function AccountMenu({ onHelp, isBusy }: AccountMenuProps) {
  const { user, auth } = useSession();
  const toast = useToast();
  const [theme, setTheme] = useState<Theme>(() => readTheme());
  const name = user.name || user.email || uiWords.product;

  const choose = (next: string) => {
    const chosen = THEMES.find((entry) => entry.theme === next)?.theme ?? "system";
    writeTheme(chosen);
    setTheme(chosen);
  };
  const openPage = (event: MouseEvent<HTMLAnchorElement>) => {
    if (!isBusy()) return;
    event.preventDefault();
    window.open(event.currentTarget.href, "_blank", "noopener");
  };
  const signOut = async () => {
    const problem = await auth.signOut();
    if (problem === null) announceSignOut();
    else toast({ text: words.signOutFailed, tone: "error" });
  };

  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className={styles.trigger}>
        <VisuallyHidden>{words.account}: </VisuallyHidden>
        <span className={styles.initials} aria-hidden="true">
          {initials(name)}
        </span>
        <span className={styles.who}>
          <span className={styles.name}>{name}</span>
          {user.email !== name && <span className={styles.email}>{user.email}</span>}
        </span>
        <Icon of={ChevronsUpDown} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Content className={menu.menu} side="top" align="start" sideOffset={6} collisionPadding={8}>
        <DropdownMenu.Label className={menu.label}>{words.theme}</DropdownMenu.Label>
        <DropdownMenu.RadioGroup value={theme} onValueChange={choose}>
          {THEMES.map((entry) => (
            <DropdownMenu.RadioItem key={entry.theme} value={entry.theme} className={menu.item}>
              <Icon of={entry.icon} />
              {words.themes[entry.theme]}
              <DropdownMenu.ItemIndicator className={menu.check}>
                <Icon of={Check} />
              </DropdownMenu.ItemIndicator>
            </DropdownMenu.RadioItem>
          ))}
        </DropdownMenu.RadioGroup>
        <DropdownMenu.Separator className={menu.line} />
        <DropdownMenu.Item className={menu.item} asChild>
          <a href="/settings" onClick={openPage}>
            <Icon of={Settings} />
            {words.settings}
          </a>
        </DropdownMenu.Item>
        {user.role === "administrator" && (
          <DropdownMenu.Item className={menu.item} asChild>
            <a href="/people" onClick={openPage}>
              <Icon of={Users} />
              {words.people}
            </a>
          </DropdownMenu.Item>
        )}
        {hasKeyboard() && (
          <DropdownMenu.Item className={menu.item} onSelect={() => setTimeout(onHelp)}>
            <Icon of={Keyboard} />
            {words.shortcuts}
          </DropdownMenu.Item>
        )}
        <DropdownMenu.Item className={menu.item} onSelect={() => void signOut()}>
          <Icon of={LogOut} />
          {words.signOut}
        </DropdownMenu.Item>
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  );
}

function initials(name: string): string {
  const words = name.split(/[\s@.]+/).filter((word) => word !== "");
  return (
    words
      .slice(0, 2)
      .map((word) => word.charAt(0).toUpperCase())
      .join("") || "?"
  );
}
