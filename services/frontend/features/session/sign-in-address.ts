/** Pages that can be returned to after signing in, besides the chats. */
const PAGE = /^\/[a-z]+(?:-[a-z]+)*$/;

/** The sign-in page for somebody who wanted to see this page. */
export function signInAddress({ pathname, search }: { pathname: string; search: string }): string {
  if (PAGE.test(pathname)) return `/sign-in?to=${pathname.slice(1)}`;
  return `/sign-in${search}`;
}

/** Where to go after signing in: the page or the chat in the address of the sign-in page. It is never another site. */
export function addressAfterSignIn(search: string): string {
  const parameters = new URLSearchParams(search);
  const page = `/${parameters.get("to") ?? ""}`;
  if (PAGE.test(page) && !page.startsWith("/sign-")) return page;
  const chat = parameters.get("chat");
  return chat === null ? "/" : `/?chat=${encodeURIComponent(chat)}`;
}
