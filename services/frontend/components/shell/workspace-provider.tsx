"use client";

import type { Me } from "@taskassistant/contracts";
import { useEffect, useMemo, useRef, useState } from "react";
import { createChats } from "../../lib/chat/chats.ts";
import { createConversations } from "../../lib/chat/conversations.ts";
import { createApi } from "../../lib/data/api.ts";
import { createAuth, type SignedInUser } from "../../lib/data/auth.ts";
import { pageLocale } from "../../lib/dates/format.ts";
import { useToday } from "../../lib/hooks/use-today.ts";
import { createTaskStore } from "../../lib/tasks/task-store.ts";
import { SignInDialog } from "../auth/sign-in-dialog.tsx";
import { SessionContext } from "./session-context.ts";
import { Shell } from "./shell.tsx";
import { usePolling } from "./use-polling.ts";
import { useSignOut } from "./use-sign-out.ts";
import { WorkspaceContext } from "./workspace-context.ts";

/** Builds what the signed-in page shares, once, and keeps the session: a lost one is asked for again in place. */
export function WorkspaceProvider({ me, user }: { me: Me; user: SignedInUser }) {
  const today = useToday();
  const [lost, setLost] = useState(false);
  const waiting = useRef(new Set<() => void>());

  const parts = useMemo(() => {
    const auth = createAuth();
    // Somebody else has signed in meanwhile, in another tab: this page is not theirs.
    const leaveToOther = async () => {
      const now = await auth.user();
      if (now !== null && now.id !== me.user_id) window.location.assign("/");
    };
    const api = createApi({ onUnauthorized: () => setLost(true), onForbidden: () => void leaveToOther() });
    const tasks = createTaskStore(api, me.user_id);
    const conversations = createConversations(api);
    const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const chats = createChats({
      api,
      timeZone: () => Intl.DateTimeFormat().resolvedOptions().timeZone,
      onTool: (ids) => {
        tasks.noteAssistant(ids);
        void tasks.refresh();
      },
      onTurnEnd: () => {
        void tasks.refresh(true);
        void conversations.refresh();
      },
    });
    const locale = pageLocale(navigator.languages);
    return { api, auth, tasks, conversations, chats, locale, timeZone };
  }, [me.user_id]);

  const workspace = useMemo(() => ({ ...parts, me, user, today }), [parts, me, user, today]);
  const session = useMemo(
    () => ({
      lost,
      /** Runs once the person has signed in again. */
      whenBack: (resume: () => void) => {
        waiting.current.add(resume);
        return () => void waiting.current.delete(resume);
      },
    }),
    [lost],
  );

  useSignOut();
  usePolling(parts.tasks, !lost);
  useEffect(() => void parts.conversations.refresh(), [parts]);

  const back = () => {
    setLost(false);
    void parts.tasks.refresh(true);
    void parts.conversations.refresh();
    for (const resume of waiting.current) resume();
    waiting.current.clear();
  };

  return (
    <WorkspaceContext value={workspace}>
      <SessionContext value={session}>
        <Shell />
        {lost && <SignInDialog user={user} auth={parts.auth} onDone={back} />}
      </SessionContext>
    </WorkspaceContext>
  );
}
