"use client";

import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from "react";
import { ChatScreen } from "../features/chat/chat-screen.tsx";
import { useConversations } from "../features/conversations/conversations-context.ts";
import { words as conversationWords } from "../features/conversations/words.ts";
import { ShortcutsDialog } from "../features/settings/shortcuts-dialog.tsx";
import { TaskPanel } from "../features/tasks/panel/task-panel.tsx";
import { type TaskPlaces, TaskPlacesContext } from "../features/tasks/places-context.ts";
import { useTaskActions } from "../features/tasks/use-task-actions.ts";
import { OpenTask } from "../features/tasks/views/open-task.tsx";
import type { TaskView } from "../features/tasks/views/task-view.ts";
import { words as taskWords } from "../features/tasks/words.ts";
import { hasKeyboard } from "../lib/keyboard.ts";
import { Dialog } from "../ui/dialog.tsx";
import { useTitle } from "../ui/use-title.ts";
import { BottomBar } from "./bottom-bar.tsx";
import { ChatHeader } from "./chat-header.tsx";
import { Navigation } from "./navigation.tsx";
import { usePaletteActions } from "./palette/use-palette-actions.ts";
import { useRouter } from "./route/use-router.ts";
import styles from "./shell.module.css";
import { useLayout } from "./use-layout.ts";
import { useShortcuts } from "./use-shortcuts.ts";
import { words } from "./words.ts";

/** Loaded when it is first opened. */
const Palette = lazy(async () => ({ default: (await import("./palette/palette.tsx")).Palette }));

/** The signed-in page: navigation, chat and tasks, arranged for the width of the window. */
export function Shell() {
  const layout = useLayout();
  const { router, route } = useRouter();
  const { chat, view, query, task, sheet } = route;
  const [navOpen, setNavOpen] = useState(true);
  const narrow = layout === "narrow";
  const { list } = useConversations();
  const known = list.find(({ id }) => id === chat.id);
  const chatTitle = known ? known.title || conversationWords.untitled : words.newChat;
  useTitle(view === null ? chatTitle : taskWords.views[view]);

  const openView = useCallback(
    (next: TaskView) => {
      // In the sheet one view takes the place of the other, so that closing it leads to the chat.
      const how = layout === "medium" && router.getSnapshot().view !== null ? "replace" : "push";
      if (router.getSnapshot().view !== next) router.go({ view: next, query: "" }, how);
      else router.close();
      if (next === "search") focusSearch();
    },
    [layout, router],
  );
  const openChat = useCallback(
    // On a phone the chat takes the place of the tasks, elsewhere it is beside them.
    (id: string) => router.go(narrow ? { chat: id, view: null } : { chat: id }),
    [narrow, router],
  );
  const newChat = useCallback(() => {
    openChat("new");
    setTimeout(focusComposer);
  }, [openChat]);
  const quickAdd = useCallback(() => {
    if (document.getElementById("quick-add") === null) openView(narrow ? "today" : "all");
    setTimeout(() => document.getElementById("quick-add")?.focus(), 50);
  }, [narrow, openView]);
  const search = useCallback(
    (wanted: string) => {
      router.go({ view: "search", query: wanted });
      focusSearch();
    },
    [router],
  );
  const help = useCallback(() => router.go({ sheet: "help" }), [router]);
  const places = useMemo<TaskPlaces>(
    () => ({
      query,
      taskAddress: (id) => router.addressOf({ task: id }),
      openTask: (id) => router.go({ task: id }),
      viewAddress: (to) => router.addressOf({ view: to, query: "" }),
      openView,
      search: router.search,
    }),
    [router, query, openView],
  );

  // People type as soon as the page is there; on a phone the keyboard would cover half of it.
  useEffect(() => {
    if (hasKeyboard() && document.activeElement === document.body) focusComposer();
  }, []);
  const { undoLast } = useTaskActions();
  const undo = useCallback(() => void undoLast(), [undoLast]);
  const palette = useCallback(() => router.go({ sheet: "palette" }), [router]);
  useShortcuts({ undo, newChat, help, focusComposer, quickAdd, palette });
  const actions = usePaletteActions({ router, newChat, openView, help, focusComposer, quickAdd, undo });

  const navigation = (
    <Navigation
      current={chat.id}
      view={view ?? (layout === "wide" ? "all" : null)}
      onNew={newChat}
      onOpen={openChat}
      onDeleted={(id) => id === chat.id && newChat()}
      onHelp={help}
      onPalette={palette}
    />
  );
  const showNav = layout !== "narrow" && navOpen;

  return (
    <TaskPlacesContext value={places}>
      <div className={styles.shell} data-nav={showNav} data-layout={layout}>
        <a className={styles.skip} href="#composer">
          {words.skipToComposer}
        </a>
        {showNav && <div className={styles.nav}>{navigation}</div>}
        <main className={styles.main}>
          <div className={styles.section} hidden={narrow && view !== null}>
            <ChatScreen
              key={chat.id}
              route={chat}
              header={
                <ChatHeader
                  id={chat.id}
                  layout={layout}
                  navOpen={showNav}
                  onToggleNav={() => (narrow ? router.go({ sheet: "navigation" }) : setNavOpen(!navOpen))}
                  onShowTasks={() => openView("all")}
                  onDeleted={newChat}
                />
              }
              onStarted={router.keepChat}
              onNew={newChat}
            />
          </div>
          {narrow && view !== null && (
            <div className={styles.section} data-surface="">
              <TaskPanel key={view} view={view} main />
            </div>
          )}
        </main>
        {layout === "wide" && (
          <aside className={styles.panel} aria-label={taskWords.label}>
            <TaskPanel key={view} view={view ?? "all"} />
          </aside>
        )}
        {narrow && <BottomBar view={view} onChat={() => router.go({ view: null })} />}
        <Dialog
          open={layout === "medium" && view !== null}
          onClose={() => router.closeView()}
          place="right"
          title={taskWords.label}
          quietTitle
        >
          <TaskPanel key={view} view={view ?? "all"} />
        </Dialog>
        <Dialog
          open={narrow && sheet === "navigation"}
          onClose={router.close}
          place="left"
          title={conversationWords.label}
          quietTitle
        >
          {navigation}
        </Dialog>
        <ShortcutsDialog open={sheet === "help"} onClose={router.close} />
        {sheet === "palette" && (
          <Suspense>
            <Palette actions={actions} onChat={openChat} onSearch={search} onClose={router.close} />
          </Suspense>
        )}
        {task !== null && <OpenTask key={task} id={task} onClose={router.close} />}
      </div>
    </TaskPlacesContext>
  );
}

function focusComposer(): void {
  document.getElementById("composer")?.focus();
}

function focusSearch(): void {
  setTimeout(() => document.getElementById("task-search")?.focus(), 50);
}
