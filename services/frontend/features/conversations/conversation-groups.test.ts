import { expect, test } from "vitest";
import { groupConversations } from "./conversation-groups.ts";

test("conversations are grouped by day, then by month", () => {
  const at = (updated_at: string) => ({ id: updated_at, title: updated_at, created_at: updated_at, updated_at });
  const groups = groupConversations(
    [
      "2026-11-21T09:00:00Z",
      "2026-11-22T08:00:00Z",
      "2026-11-21T23:30:00Z",
      "2026-11-16T08:00:00Z",
      "2026-09-01T08:00:00Z",
      "2025-09-01T08:00:00Z",
    ].map(at),
    "2026-11-22",
    { timeZone: "Europe/Berlin" },
  );
  expect(groups.map(({ label, conversations }) => [label, conversations.length])).toEqual([
    ["Chats today", 2],
    ["Yesterday", 1],
    ["Previous 7 days", 1],
    ["September", 1],
    ["September 2025", 1],
  ]);
});
