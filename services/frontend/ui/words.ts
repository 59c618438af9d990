/** Words of the design system, and those that every feature shares. */
export const words = {
  product: "TaskAssistant",
  tagline: "Your tasks, in your own words.",
  needsScript: "TaskAssistant needs JavaScript. Allow it for this site, then reload the page.",
  loading: "Loading",
  close: "Close",
  cancel: "Cancel",
  undo: "Undo",
  showPassword: "Show password",
  hidePassword: "Hide password",
  notification: "Notification",
};
