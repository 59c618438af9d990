"use client";

import type { Chat } from "@ai-sdk/react";
import type { ChatStatus } from "ai";
import { useCallback, useEffect, useRef, useState } from "react";
import { ApiError } from "../../lib/errors/api-error.ts";
import { useAnnounce } from "../../ui/announcer.tsx";
import { useSession } from "../session/session-context.ts";
import { describeCalls } from "../tools/describe-calls.ts";
import { useWorkspace } from "../workspace/workspace-context.ts";
import { useChats } from "./chats-context.ts";
import { isFolded, toBlocks } from "./message/message-blocks.ts";
import { type ChatMessage, textOf } from "./store/chat-message.ts";
import { words } from "./words.ts";

interface RunState {
  messages: readonly ChatMessage[];
  status: ChatStatus;
  error: Error | undefined;
  onStarted: (id: string) => void;
  onSend: () => void;
}

/** Sending, stopping and repeating a message, and what screen readers announce when an answer starts and ends. */
export function useRun(chat: Chat<ChatMessage>, { messages, status, error, onStarted, onSend }: RunState) {
  const { today } = useWorkspace();
  const chats = useChats();
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

  /** A message that the server has stored is asked again, one that never reached it is sent again. */
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
    if (status === "submitted" && was !== "submitted") announce(words.started);
    if (status === "ready" && (was === "streaming" || was === "submitted")) {
      const last = messages.at(-1);
      const done = last?.role === "assistant" ? receipts(last, today) : [];
      announce([last?.metadata?.status === "stopped" ? words.stopped : words.finished, ...done].join(". "));
    }
  }, [status, messages, today, announce]);

  return { send, stop, retry, recovering };
}

function receipts(message: ChatMessage, today: string): string[] {
  const blocks = toBlocks(message.parts, message.metadata?.reasoning_texts);
  return blocks.flatMap((block, index) =>
    block.kind === "tools" && !isFolded(blocks, index, true)
      ? [describeCalls(block.toolName, block.calls, today).sentence]
      : [],
  );
}
