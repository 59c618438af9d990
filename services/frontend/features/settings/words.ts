/** The account menu and the list of keyboard shortcuts. */
export const words = {
  account: "Account",
  theme: "Theme",
  themes: { light: "Light", dark: "Dark", system: "System" },
  signOut: "Sign out",
  signOutFailed: "Couldn’t sign you out. You are still signed in. Try again.",

  shortcuts: "Keyboard shortcuts",
  actions: {
    send: "Send the message",
    newLine: "Start a new line",
    stop: "Stop the answer",
    newChat: "Start a new chat",
    quickAdd: "Add a task",
    focusComposer: "Go to the message field",
    help: "Show this list",
  },
  singleKeys: "Single-key shortcuts",
  singleKeysHint: "Turn them off if you use speech input or often press keys by accident.",
};
