"use client";

import { useCallback, useEffect, useState } from "react";
import { ChatScreen } from "../features/chat/chat-screen.tsx";
import { useConversations } from "../features/conversations/conversations-context.ts";
import { words as conversationWords } from "../features/conversations/words.ts";
import { ShortcutsDialog } from "../features/settings/shortcuts-dialog.tsx";
import { TaskPanel } from "../features/tasks/panel/task-panel.tsx";
import { useTaskActions } from "../features/tasks/use-task-actions.ts";
import { words as taskWords } from "../features/tasks/words.ts";
import { hasKeyboard } from "../lib/keyboard.ts";
import { Dialog } from "../ui/dialog.tsx";
import { useTitle } from "../ui/use-title.ts";
import { BottomBar, type Section } from "./bottom-bar.tsx";
import { ChatHeader } from "./chat-header.tsx";
import { Navigation } from "./navigation.tsx";
import styles from "./shell.module.css";
import { useLayout } from "./use-layout.ts";
import { useRoute } from "./use-route.ts";
import { useShortcuts } from "./use-shortcuts.ts";
import { words } from "./words.ts";

/** The signed-in page: navigation, chat and tasks, arranged for the width of the window. */
export function Shell() {
  const layout = useLayout();
  const { route, openChat, openNew, keepInAddress } = useRoute();
  const [navOpen, setNavOpen] = useState(true);
  const [sheet, setSheet] = useState<"navigation" | "tasks" | null>(null);
  const [section, setSection] = useState<Section>("chat");
  const [help, setHelp] = useState(false);
  const narrow = layout === "narrow";
  const { list } = useConversations();
  const chat = list.find(({ id }) => id === route.id);
  useTitle(
    narrow && section !== "chat"
      ? words.sections[section]
      : chat
        ? chat.title || conversationWords.untitled
        : words.newChat,
  );

  // A sheet of one layout must not stay open over the next.
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when the layout changes
  useEffect(() => setSheet(null), [layout]);

  const toChat = useCallback(() => {
    setSheet(null);
    setSection("chat");
  }, []);
  const newChat = useCallback(() => {
    openNew();
    toChat();
    setTimeout(focusComposer);
  }, [openNew, toChat]);
  const showTasks = useCallback(() => {
    if (layout === "medium") setSheet("tasks");
    if (layout === "narrow") setSection("today");
  }, [layout]);

  // People type as soon as the page is there; on a phone the keyboard would cover half of it.
  useEffect(() => {
    if (hasKeyboard() && document.activeElement === document.body) focusComposer();
  }, []);
  const { undoLast } = useTaskActions();
  useShortcuts({
    undo: () => void undoLast(),
    newChat,
    help: () => setHelp(true),
    focusComposer,
    quickAdd: () => {
      showTasks();
      setTimeout(() => document.getElementById("quick-add")?.focus(), 50);
    },
  });

  const navigation = (
    <Navigation
      current={route.id}
      onNew={newChat}
      onOpen={(id) => {
        openChat(id);
        toChat();
      }}
      onDeleted={(id) => id === route.id && newChat()}
      onHelp={() => {
        setSheet(null);
        setHelp(true);
      }}
    />
  );
  const showNav = layout !== "narrow" && navOpen;

  return (
    <div className={styles.shell} data-nav={showNav} data-layout={layout}>
      <a className={styles.skip} href="#composer">
        {words.skipToComposer}
      </a>
      {showNav && <div className={styles.nav}>{navigation}</div>}
      <main className={styles.main}>
        <div className={styles.section} hidden={narrow && section !== "chat"}>
          <ChatScreen
            key={route.id}
            route={route}
            header={
              <ChatHeader
                id={route.id}
                layout={layout}
                navOpen={showNav}
                onToggleNav={() => (narrow ? setSheet("navigation") : setNavOpen(!navOpen))}
                onShowTasks={showTasks}
                onDeleted={newChat}
              />
            }
            onStarted={keepInAddress}
            onNew={newChat}
          />
        </div>
        {narrow && section !== "chat" && (
          <div className={styles.section} data-surface="">
            <TaskPanel view={section} />
          </div>
        )}
      </main>
      {layout === "wide" && (
        <aside className={styles.panel} aria-label={taskWords.label}>
          <TaskPanel view="all" />
        </aside>
      )}
      {narrow && <BottomBar section={section} onSelect={setSection} />}
      <Dialog open={sheet === "tasks"} onClose={() => setSheet(null)} place="right" title={taskWords.label} quietTitle>
        <TaskPanel view="all" />
      </Dialog>
      <Dialog
        open={sheet === "navigation"}
        onClose={() => setSheet(null)}
        place="left"
        title={conversationWords.label}
        quietTitle
      >
        {navigation}
      </Dialog>
      <ShortcutsDialog open={help} onClose={() => setHelp(false)} />
    </div>
  );
}

function focusComposer(): void {
  document.getElementById("composer")?.focus();
}
