"use client";

import type { Chat } from "@ai-sdk/react";
import type { ChatStatus } from "ai";
import { useCallback, useEffect, useRef, useState } from "react";
import type { ChatMessage } from "../../lib/chat/chat-message.ts";
import { isLookup, textOf, toBlocks } from "../../lib/chat/message-blocks.ts";
import { describeTools } from "../../lib/chat/tool-cards.ts";
import { ApiError } from "../../lib/data/api-error.ts";
import { strings } from "../../lib/strings.ts";
import { useSession } from "../shell/session-context.ts";
import { useWorkspace } from "../shell/workspace-context.ts";
import { useAnnounce } from "../ui/announcer.tsx";

type TurnState = {
  messages: readonly ChatMessage[];
  status: ChatStatus;
  error: Error | undefined;
  onStarted: (id: string) => void;
  onSend: () => void;
};

/** Sending, stopping, repeating; and what screen readers hear when a turn begins and ends. */
export function useTurn(chat: Chat<ChatMessage>, { messages, status, error, onStarted, onSend }: TurnState) {
  const { chats, today } = useWorkspace();
  const session = useSession();
  const announce = useAnnounce();
  const [recovering, setRecovering] = useState(false);

  const send = useCallback(
    (text: string) => {
      void chat.sendMessage({ text });
      onStarted(chat.id);
      onSend();
    },
    [chat, onStarted, onSend],
  );

  /** The stored conversation decides: what the server has kept is asked anew, what it never got is sent again. */
  const retry = useCallback(async () => {
    const question = chat.messages.findLast((message) => message.role === "user");
    if (!question) return;
    setRecovering(true);
    const kept = await chats.reconcile(chat).catch(() => false);
    setRecovering(false);
    onSend();
    if (kept) await chat.sendMessage({ text: textOf(question) });
    else await chat.regenerate();
  }, [chat, chats, onSend]);

  const stop = useCallback(() => void chat.stop(), [chat]);

  const refused = status === "error" && error instanceof ApiError && error.status === 401;
  useEffect(() => (refused ? session.whenBack(() => void chat.regenerate()) : undefined), [refused, session, chat]);

  const before = useRef(status);
  useEffect(() => {
    const was = before.current;
    before.current = status;
    if (status === "submitted" && was !== "submitted") announce(strings.chat.started);
    if (status === "ready" && (was === "streaming" || was === "submitted")) {
      const last = messages.at(-1);
      const done = last?.role === "assistant" ? receipts(last, today) : [];
      announce(
        [last?.metadata?.status === "stopped" ? strings.chat.stopped : strings.chat.finished, ...done].join(". "),
      );
    }
  }, [status, messages, today, announce]);

  return { send, stop, retry, recovering };
}

function receipts(message: ChatMessage, today: string): string[] {
  const blocks = toBlocks(message.parts);
  return blocks.flatMap((block, index) =>
    block.kind === "tools" && !isLookup(blocks, index, true)
      ? [describeTools(block.toolName, block.calls, today).sentence]
      : [],
  );
}
