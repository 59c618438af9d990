import { createStore } from "../../lib/store.ts";
import { type Address, readAddress, writeAddress } from "./address.ts";

/** What lies over the page. It has an entry in the browser's history, so that Back closes it. */
export type Sheet = "navigation" | "help" | "palette";

/** What the page shows. */
export interface Route {
  /** `fresh`: the chat begins here and the server does not know it yet. */
  chat: { readonly id: string; readonly fresh: boolean };
  view: Address["view"];
  query: string;
  task: string | null;
  sheet: Sheet | null;
}

/** What a link or a button changes of it. */
export type RouteChange = Partial<Omit<Route, "chat">> & { chat?: string | "new" };

/** The part of a window that the router uses. */
export interface RouterWindow {
  readonly location: { readonly search: string };
  readonly history: Pick<History, "state" | "pushState" | "replaceState" | "back">;
  addEventListener(name: "popstate", listener: () => void): void;
}

/** What an entry of the history remembers besides its address. */
interface Entry {
  /** The chat, also before its first message brings it into the address. */
  chatId: string;
  sheet: Sheet | null;
  /** An entry of this page lies below it, so that Back stays on the page. */
  above: boolean;
}

export type Router = ReturnType<typeof createRouter>;

/** The page's way through its own addresses. Back closes what lies over the page, then a view, then a chat. */
export function createRouter(page: RouterWindow, newId: () => string = () => crypto.randomUUID()) {
  const started = new Set<string>();
  const { subscribe, getSnapshot, publish } = createStore<Route>(read(page.history.state));
  page.addEventListener("popstate", () => publish(read(page.history.state)));

  function read(state: unknown): Route {
    const entry: Partial<Entry> = isEntry(state) ? state : {};
    const { chat: named, view, query, task } = readAddress(page.location.search);
    const id = named ?? entry.chatId ?? newId();
    return {
      chat: { id, fresh: named === null && !started.has(id) },
      view,
      query,
      task,
      sheet: entry.sheet ?? null,
    };
  }

  function write(route: Route, how: "push" | "replace", above: boolean): void {
    const { chat, view, query, task, sheet } = route;
    const entry: Entry = { chatId: chat.id, sheet, above };
    const address = writeAddress({ chat: chat.fresh ? null : chat.id, view, query, task });
    if (how === "push") page.history.pushState(entry, "", address);
    else page.history.replaceState(entry, "", address);
    publish(route);
  }

  function isAbove(): boolean {
    return isEntry(page.history.state) && page.history.state.above === true;
  }

  /** Goes there. What lies over the page gives way to it, so that Back does not open it again. */
  function go(change: RouteChange, how: "push" | "replace" = "push"): void {
    const before = getSnapshot();
    const { chat: id, ...rest } = change;
    const chat = id === undefined ? before.chat : id === "new" ? { id: newId(), fresh: true } : { id, fresh: false };
    const after: Route = { ...before, task: null, sheet: null, ...rest, chat };
    if (how === "replace" || isCovered(before)) {
      write(after, "replace", isAbove());
      return;
    }
    // The entry below must know its chat and whether it was here.
    page.history.replaceState({ chatId: before.chat.id, sheet: null, above: isAbove() } satisfies Entry, "");
    write(after, "push", true);
  }

  /** Closes what lies over the page: by going back to what was below it, or in place when the page began with it. */
  function close(): void {
    const before = getSnapshot();
    if (!isCovered(before)) return;
    if (isAbove()) page.history.back();
    else write({ ...before, sheet: null, task: null }, "replace", false);
  }

  /**
   * Puts what is searched for into the address. What lies over the page has an entry of its own, so the search waits until
   * it is closed, and is off when that led elsewhere.
   */
  function search(query: string): void {
    const asked = getSnapshot();
    if (!isCovered(asked)) {
      go({ view: "search", query }, "replace");
      return;
    }
    const over = subscribe(() => {
      const now = getSnapshot();
      if (isCovered(now)) return;
      over();
      if (now.view === asked.view && now.query === asked.query) go({ view: "search", query }, "replace");
    });
  }

  /** Leaves the view, as `close` does. */
  function closeView(): void {
    if (isAbove()) page.history.back();
    else go({ view: null }, "replace");
  }

  /** Puts the chat into the address once its first message was sent, so that a reload leads back to it. */
  function keepChat(id: string): void {
    started.add(id);
    const now = getSnapshot();
    if (now.chat.id === id && now.chat.fresh) write({ ...now, chat: { id, fresh: false } }, "replace", isAbove());
  }

  /** The address that a change would lead to, for links. */
  function addressOf(change: RouteChange): string {
    const { chat, view, query } = getSnapshot();
    const id = change.chat ?? (chat.fresh ? null : chat.id);
    const to = { view, query, task: null, ...change, chat: id === "new" ? null : id };
    return writeAddress(to);
  }

  return { subscribe, getSnapshot, go, close, closeView, search, keepChat, addressOf };
}

/** Whether something lies over the page. */
function isCovered({ sheet, task }: Route): boolean {
  return sheet !== null || task !== null;
}

function isEntry(state: unknown): state is Partial<Entry> {
  return typeof state === "object" && state !== null;
}
