import { expect, test } from "vitest";
import { readAddress, writeAddress } from "./address.ts";
import { createRouter, type RouterWindow } from "./router.ts";

const CHAT = "11111111-1111-4111-8111-111111111111";
const OTHER = "22222222-2222-4222-8222-222222222222";
const TASK = "t_7k2p9d4m1x0a";

/** A window with a history of its own; `back` answers at once. */
function windowAt(address: string) {
  const entries: { state: unknown; address: string }[] = [{ state: null, address }];
  let at = 0;
  let popped = () => {};
  const page: RouterWindow = {
    get location() {
      return { search: new URL(entries[at]?.address ?? "/", "https://example.org").search };
    },
    history: {
      get state() {
        return entries[at]?.state;
      },
      pushState: (state, _, to) => {
        entries.splice(++at, Infinity, { state: structuredClone(state), address: String(to) });
      },
      replaceState: (state, _, to) => {
        entries[at] = { state: structuredClone(state), address: String(to ?? entries[at]?.address) };
      },
      back: () => {
        if (at > 0) at--;
        popped();
      },
    },
    addEventListener: (_, listener) => {
      popped = listener;
    },
  };
  let ids = 0;
  const router = createRouter(page, () => `00000000-0000-4000-8000-00000000000${++ids}`);
  return { router, page, address: () => entries[at]?.address, depth: () => at, now: () => router.getSnapshot() };
}

test("each part of the page stands in the address, and what makes no sense is left out", () => {
  const address = { chat: CHAT, view: "search", query: "milk & honey", task: TASK } as const;
  expect(readAddress(writeAddress(address).slice(1))).toEqual(address);
  expect(readAddress("?chat=x&view=admin&task=../x")).toEqual({ chat: null, view: null, query: "", task: null });
  expect(writeAddress({ chat: null, view: null, query: "left over", task: null })).toBe("/");
});

test("Back closes the editor, then the view, and the chat below them stays", () => {
  const { router, page, now, address } = windowAt(`/?chat=${CHAT}`);
  router.go({ view: "upcoming" });
  router.go({ task: TASK });
  expect(address()).toBe(`/?chat=${CHAT}&view=upcoming&task=${TASK}`);
  page.history.back();
  expect(now()).toMatchObject({ view: "upcoming", task: null });
  page.history.back();
  expect(now()).toMatchObject({ chat: { id: CHAT }, view: null });
});

test("closing by hand leaves no entry behind, and a sheet gives way to where it leads", () => {
  const { router, page, now, depth } = windowAt("/");
  router.go({ sheet: "navigation" });
  expect([now().sheet, depth()]).toEqual(["navigation", 1]);
  router.close();
  expect([now().sheet, depth()]).toEqual([null, 0]);
  router.go({ sheet: "navigation" });
  router.go({ chat: CHAT });
  expect([now().sheet, now().chat.id, depth()]).toEqual([null, CHAT, 1]);
  page.history.back();
  expect([now().sheet, now().chat.fresh]).toEqual([null, true]);
});

test("a task whose link was opened closes in place, without leaving the page", () => {
  const { router, now, address, depth } = windowAt(`/?view=done&task=${TASK}`);
  expect(now().task).toBe(TASK);
  router.close();
  expect([now().task, address(), depth()]).toEqual([null, "/?view=done", 0]);
});

test.each([{ sheet: "palette" }, { task: TASK }] as const)("a search waits for what lies over the page: %o", (over) => {
  const { router, now, address } = windowAt("/?view=search&q=milk");
  router.go(over);
  router.search("bread");
  expect(now()).toMatchObject({ query: "milk", ...over });
  router.close();
  expect([now().query, address()]).toEqual(["bread", "/?view=search&q=bread"]);

  router.go(over);
  router.search("salt");
  router.go({ view: "today", query: "" });
  expect([now().query, address()]).toEqual(["", "/?view=today"]);
});

test("a chat that began below a view is the same chat after Back", () => {
  const { router, page, now } = windowAt("/");
  const { id } = now().chat;
  router.go({ view: "today" });
  expect(now().chat).toEqual({ id, fresh: true });
  router.keepChat(id);
  page.history.back();
  expect(now().chat).toEqual({ id, fresh: false });
});

test("a new chat has an id of its own and keeps the view; links name both", () => {
  const { router, now } = windowAt(`/?chat=${CHAT}&view=today`);
  expect(router.addressOf({ chat: OTHER })).toBe(`/?chat=${OTHER}&view=today`);
  expect(router.addressOf({ task: TASK })).toBe(`/?chat=${CHAT}&view=today&task=${TASK}`);
  router.go({ chat: "new" });
  expect(now()).toMatchObject({ chat: { fresh: true }, view: "today" });
});
