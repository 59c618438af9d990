import type { Me } from "@taskassistant/contracts";
import { createChats } from "../features/chat/store/chats.ts";
import { createConversationStore } from "../features/conversations/conversation-store.ts";
import { createAuth } from "../features/session/auth.ts";
import { createLabelStore } from "../features/tasks/labels/label-store.ts";
import { createTypedStore } from "../features/tasks/quick-add/typed-store.ts";
import { createTaskStore } from "../features/tasks/store/task-store.ts";
import { browserTimeZone } from "../features/workspace/locale.ts";
import { createApi } from "../lib/api.ts";

/** What the features of the signed-in page share, built once and wired to each other. */
export type Stores = ReturnType<typeof createStores>;

export function createStores({ me, onUnauthorized }: { me: Me; onUnauthorized: () => void }) {
  const auth = createAuth();
  const api = createApi({ onUnauthorized, onForbidden: () => void reloadForOther() });
  const tasks = createTaskStore(api, me.user_id);
  const labels = createLabelStore({ api, userId: me.user_id, tasks });
  const typed = createTypedStore();
  const chats = createChats({
    api,
    timeZone: browserTimeZone,
    onTool: (taskIds) => {
      tasks.noteAssistant(taskIds);
      void tasks.refresh();
    },
    onRunEnd: refresh,
  });
  const conversations = createConversationStore({ api, onRemoved: chats.forget });

  /** Leaves the page when another person has signed in meanwhile in another tab. */
  async function reloadForOther(): Promise<void> {
    const now = await auth.user();
    if (now !== null && now.id !== me.user_id) window.location.assign("/");
  }

  /** Loads tasks and conversations again. */
  function refresh(): void {
    void tasks.refresh(true);
    void conversations.refresh();
  }

  return { auth, tasks, labels, typed, chats, conversations, refresh };
}
