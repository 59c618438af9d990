"use client";

import { Check, ChevronsUpDown, Keyboard, LogOut, Monitor, Moon, Sun } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { useState } from "react";
import { strings } from "../../lib/strings.ts";
import { readTheme, type Theme, writeTheme } from "../../lib/theme.ts";
import { Icon } from "../ui/icon.tsx";
import menu from "../ui/menu.module.css";
import { useToast } from "../ui/toasts.tsx";
import { VisuallyHidden } from "../ui/visually-hidden.tsx";
import styles from "./account-menu.module.css";
import { hasKeyboard } from "./use-shortcuts.ts";
import { tellSignedOut } from "./use-sign-out.ts";
import { useWorkspace } from "./workspace-context.ts";

const THEMES = [
  { theme: "light", icon: Sun, label: strings.account.light },
  { theme: "dark", icon: Moon, label: strings.account.dark },
  { theme: "system", icon: Monitor, label: strings.account.system },
] as const;

/** Who is signed in; theme, shortcuts and signing out. */
export function AccountMenu({ onHelp }: { onHelp: () => void }) {
  const { user, auth } = useWorkspace();
  const toast = useToast();
  const [theme, setTheme] = useState<Theme>(() => readTheme());
  const name = user.name || user.email || strings.product;

  const choose = (next: string) => {
    const chosen = THEMES.find((entry) => entry.theme === next)?.theme ?? "system";
    writeTheme(chosen);
    setTheme(chosen);
  };
  const signOut = async () => {
    const problem = await auth.signOut();
    if (problem === null) tellSignedOut();
    else toast({ text: strings.account.signOutFailed, tone: "error" });
  };

  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className={styles.trigger}>
        <VisuallyHidden>{strings.account.label}: </VisuallyHidden>
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
        <DropdownMenu.Label className={menu.label}>{strings.account.theme}</DropdownMenu.Label>
        <DropdownMenu.RadioGroup value={theme} onValueChange={choose}>
          {THEMES.map((entry) => (
            <DropdownMenu.RadioItem key={entry.theme} value={entry.theme} className={menu.item}>
              <Icon of={entry.icon} />
              {entry.label}
              <DropdownMenu.ItemIndicator className={menu.check}>
                <Icon of={Check} />
              </DropdownMenu.ItemIndicator>
            </DropdownMenu.RadioItem>
          ))}
        </DropdownMenu.RadioGroup>
        <DropdownMenu.Separator className={menu.line} />
        {hasKeyboard() && (
          <DropdownMenu.Item className={menu.item} onSelect={() => setTimeout(onHelp)}>
            <Icon of={Keyboard} />
            {strings.account.shortcuts}
          </DropdownMenu.Item>
        )}
        <DropdownMenu.Item className={menu.item} onSelect={() => void signOut()}>
          <Icon of={LogOut} />
          {strings.account.signOut}
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
