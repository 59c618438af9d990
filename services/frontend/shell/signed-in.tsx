"use client";

import type { Me } from "@taskassistant/contracts";
import { useEffect, useMemo, useState } from "react";
import { ChatsContext } from "../features/chat/chats-context.ts";
import { ConversationsContext } from "../features/conversations/conversations-context.ts";
import type { SignedInUser } from "../features/session/auth.ts";
import { SessionProvider } from "../features/session/session-provider.tsx";
import { LabelsContext } from "../features/tasks/labels/labels-context.ts";
import { TypedContext } from "../features/tasks/quick-add/typed-context.ts";
import { usePolling } from "../features/tasks/store/use-polling.ts";
import { TasksContext } from "../features/tasks/tasks-context.ts";
import { WorkspaceProvider } from "../features/workspace/workspace-provider.tsx";
import { clearDrafts } from "../lib/drafts.ts";
import { Shell } from "./shell.tsx";
import { createStores } from "./stores.ts";

/** The composition root of the signed-in page: it builds the stores once and provides them to the features. */
export function SignedIn({ me, user }: { me: Me; user: SignedInUser }) {
  const [lost, setLost] = useState(false);
  const stores = useMemo(() => createStores({ me, onUnauthorized: () => setLost(true) }), [me]);

  usePolling(stores.tasks, !lost);
  useEffect(() => stores.labels.follow(), [stores]);
  useEffect(() => void stores.conversations.refresh(), [stores]);

  const back = () => {
    setLost(false);
    stores.refresh();
  };

  return (
    <WorkspaceProvider me={me}>
      <TasksContext value={stores.tasks}>
        <LabelsContext value={stores.labels}>
          <ConversationsContext value={stores.conversations}>
            <ChatsContext value={stores.chats}>
              <SessionProvider user={user} auth={stores.auth} lost={lost} onBack={back} onSignedOut={clearDrafts}>
                <TypedContext value={stores.typed}>
                  <Shell />
                </TypedContext>
              </SessionProvider>
            </ChatsContext>
          </ConversationsContext>
        </LabelsContext>
      </TasksContext>
    </WorkspaceProvider>
  );
}
