/** Pages that can be returned to after signing in, besides the chats. */
const PAGE = /^\/[a-z]+(?:-[a-z]+)*$/;

/** What the address of the main page says of a chat, a view, a search and a task. */
const KEPT = ["chat", "view", "q", "task"];

/** The sign-in page for somebody who wanted to see this page. */
export function signInAddress({ pathname, search }: { pathname: string; search: string }): string {
  if (PAGE.test(pathname)) return `/sign-in?to=${pathname.slice(1)}`;
  return `/sign-in${search}`;
}

/** Where to go after signing in: the page, or the chat and the view, in the address of the sign-in page. It is never another site. */
export function addressAfterSignIn(search: string): string {
  const parameters = new URLSearchParams(search);
  const page = `/${parameters.get("to") ?? ""}`;
  if (PAGE.test(page) && !page.startsWith("/sign-")) return page;
  const kept = [...parameters].filter(([name]) => KEPT.includes(name));
  return kept.length === 0 ? "/" : `/?${new URLSearchParams(kept)}`;
}
