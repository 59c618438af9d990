/** What people read when a request fails: what happened, and what to do about it. */
export const words = {
  retry: "Try again",
  retryIn: (seconds: number) => `Try again in ${seconds} s`,
  details: "Details",
  requestId: (id: string) => `Request ID: ${id}`,

  offline: "Can’t reach the server. Check your connection and try again.",
  origin: "This page was opened at an address the server does not know. Open it at its public address.",
  unauthorized: "Your session has ended. Sign in again.",
  forbidden: "You don’t have access to this. Reload the page, or sign in with another account.",
  notFound: "This no longer exists. Reload the page.",
  conflict: "This was changed somewhere else. Reload it, then make your change again.",
  tooLarge: "This is too long. Send it in smaller parts.",
  rateLimited: "Too many requests. Wait a moment, then try again.",
  modelUnavailable: "The model isn’t responding right now. Your message is kept. Try again.",
  modelKey: "The model rejected this installation’s API key. Ask your administrator to set a valid key.",
  modelTimeout: "The model took too long to answer. Your message is kept. Try again.",
  unavailable: "The service is starting or busy. Try again in a moment.",
  internal: "Something went wrong on the server. Try again. If it keeps happening, report the request ID.",
  unknown: "The server sent an unexpected response. Reload the page.",
};
