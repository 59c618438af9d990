/** The list of chats, and deleting one of them. */
export const words = {
  label: "Chats",
  untitled: "New chat",
  today: "Chats today",
  yesterday: "Yesterday",
  week: "Previous 7 days",
  empty: "Your chats will appear here.",
  failed: "Your chats couldn’t be loaded.",
  deleteNamed: (title: string) => `Delete chat “${title}”`,
  deleteThis: "Delete chat",
  deleteTitle: "Delete this chat?",
  deleteBody: (title: string) => `“${title}” will be deleted permanently. The tasks it created are kept.`,
  deleted: "Chat deleted",
};
