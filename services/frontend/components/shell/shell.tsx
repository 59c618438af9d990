"use client";

import { useCallback, useEffect, useState } from "react";
import { useLayout } from "../../lib/hooks/use-layout.ts";
import { useRoute } from "../../lib/hooks/use-route.ts";
import { strings } from "../../lib/strings.ts";
import { ChatScreen } from "../chat/chat-screen.tsx";
import { TaskPanel } from "../tasks/task-panel.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { BottomBar, type Section } from "./bottom-bar.tsx";
import { Navigation } from "./navigation.tsx";
import styles from "./shell.module.css";
import { ShortcutsDialog } from "./shortcuts-dialog.tsx";
import { useShortcuts } from "./use-shortcuts.ts";

/** The signed-in page: navigation, chat and tasks, arranged for the room there is. */
export function Shell() {
  const layout = useLayout();
  const { route, openChat, openNew, keepInAddress } = useRoute();
  const [navOpen, setNavOpen] = useState(true);
  const [sheet, setSheet] = useState<"navigation" | "tasks" | null>(null);
  const [section, setSection] = useState<Section>("chat");
  const [help, setHelp] = useState(false);
  const narrow = layout === "narrow";

  // A sheet of a layout that is gone must not lie over the next one.
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

  useShortcuts({
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
      {showNav && <div className={styles.nav}>{navigation}</div>}
      <main className={styles.main}>
        <a className={styles.skip} href="#composer">
          {strings.skipToComposer}
        </a>
        <div className={styles.section} hidden={narrow && section !== "chat"}>
          <ChatScreen
            key={route.id}
            route={route}
            layout={layout}
            navOpen={showNav}
            onToggleNav={() => (narrow ? setSheet("navigation") : setNavOpen(!navOpen))}
            onShowTasks={showTasks}
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
        <aside className={styles.panel} aria-label={strings.tasks.label}>
          <TaskPanel view="all" />
        </aside>
      )}
      {narrow && <BottomBar section={section} onSelect={setSection} />}
      <Dialog
        open={sheet === "tasks"}
        onClose={() => setSheet(null)}
        place="right"
        title={strings.tasks.label}
        quietTitle
      >
        <TaskPanel view="all" />
      </Dialog>
      <Dialog
        open={sheet === "navigation"}
        onClose={() => setSheet(null)}
        place="left"
        title={strings.nav.label}
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
