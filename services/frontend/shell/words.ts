/** The frame of the page, and pages that have one thing to say. */
export const words = {
  skipToComposer: "Skip to the message field",
  newChat: "New chat",
  hideNavigation: "Hide navigation",
  showNavigation: "Show navigation",
  showTasks: "Show tasks",
  chat: "Chat",

  palette: {
    title: "Find anything",
    label: "Find an action, a task or a chat",
    actions: "Actions",
    tasks: "Tasks",
    chats: "Chats",
    search: "Search",
    searchFor: (query: string) => `Search all tasks for “${query}”`,
    addTask: "Add a task",
    writeMessage: "Go to the message field",
    undo: "Undo the latest change",
    settings: "Settings",
    shortcuts: "Keyboard shortcuts",
  },

  bootFailed: "TaskAssistant couldn’t be loaded",
  pageFailed: { title: "Something went wrong", body: "Your tasks and chats are safe. Reload the page to continue." },
  reload: "Reload",
  notFound: { title: "Page not found", body: "The address may be mistyped, or the page may have been removed." },
  home: "Go to your tasks",
};
