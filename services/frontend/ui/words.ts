/** Words of the design system, and those that every feature shares. */
export const words = {
  product: "TaskAssistant",
  tagline: "Your tasks, in your own words.",
  loading: "Loading",
  close: "Close",
  cancel: "Cancel",
  undo: "Undo",
  showPassword: "Show password",
  hidePassword: "Hide password",
  notification: "Notification",
};
