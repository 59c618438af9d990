import type { Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { keepScreenshot } from "./harness/browser/browser.ts";
import {
  composer,
  expectAccessible,
  expectInWindow,
  expectNoSidewaysScroll,
  gone,
  openTask,
  panel,
  say,
  seen,
  signUpInBrowser,
  transcript,
} from "./harness/browser/chat-page.ts";
import { type Demo, openDemo } from "./harness/browser/demo.ts";
import { NAMESPACES } from "./harness/cluster/assistants.ts";
import { frugal } from "./harness/cluster/tidy.ts";

/** What a person has who keeps a list for long: views with addresses, keys, several tasks at once, little room. */

let demo: Demo;
let page: Page;

beforeAll(async () => {
  demo = await openDemo(NAMESPACES.views, frugal);
  ({ page } = demo);
  await signUpInBrowser(page, demo.assistant.url, "Ada");
  await say(page, "add buy oat milk tomorrow");
}, 600_000);
afterEach(({ task }) => demo.keepFailure(task));
afterAll(() => demo?.close(), 300_000);

const quickAdd = (): Locator => page.getByRole("textbox", { name: "Add a task" });
const opened = (view: string) => page.goto(`${demo.assistant.url}/?view=${view}`);
const add = async (text: string, title: string) => {
  await quickAdd().fill(text);
  await quickAdd().press("Enter");
  // A link as soon as the server has it.
  await seen(panel(page).getByRole("link", { name: `Edit “${title}”` }));
};
const inDark = async (name: string) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await expectAccessible(page, `${name}, dark`);
  await keepScreenshot(page, `${name}-dark`);
  await page.emulateMedia({ colorScheme: "light" });
};

test("every view has an address and a title, Back leads out of it, and a task is a link", async () => {
  await page.getByRole("link", { name: /^Upcoming/ }).click();
  await seen(panel(page).getByRole("heading", { name: /^Tomorrow · / }));
  expect(await page.title()).toBe("Upcoming · TaskAssistant");
  await expectAccessible(page, "upcoming");
  await panel(page).getByRole("link", { name: "Edit “Buy oat milk”" }).click();
  const editor = page.getByRole("dialog", { name: "Edit task" });
  await seen(editor);
  const link = page.url();
  await page.goBack();
  await gone(editor);
  await seen(panel(page).getByRole("heading", { name: "Upcoming" }));
  await page.goBack();
  await seen(panel(page).getByRole("heading", { name: "All tasks" }));
  await page.goto(link);
  await seen(editor);
  await page.keyboard.press("Escape");
  await gone(editor);

  await opened("all");
  await add("Water the plants today", "Water the plants");
  await openTask(page, "Water the plants").click();
  await seen(panel(page).getByRole("checkbox", { name: "Reopen “Water the plants”" }));
  await add("Call the bank", "Call the bank");
  const remove = panel(page).getByRole("button", { name: "Move “Call the bank” to the trash" });
  await remove.hover();
  await remove.click();
  await gone(openTask(page, "Call the bank"));
  for (const [view, shows] of [
    ["done", "Water the plants"],
    ["trash", "Call the bank"],
    ["search&q=oat", "Buy oat milk"],
    ["search&q=no+such+words", "No task has “no such words” in its title or notes."],
  ] as const) {
    await opened(view);
    await seen(panel(page).getByText(shows));
    await expectAccessible(page, view);
    await keepScreenshot(page, `view-${view.split("+")[0]}`);
  }
});

test("a list is one stop of Tab; arrow keys and letters do the rest, for one task or for several", async () => {
  const focused = () => page.evaluate<string>("document.activeElement.textContent");
  await opened("all");
  await seen(openTask(page, "Buy oat milk"));
  await add("Sweep today", "Sweep");
  await add("Polish today", "Polish");
  await panel(page).getByRole("link", { name: "Edit “Sweep”" }).focus();
  await page.keyboard.press("ArrowDown");
  expect(await focused()).toBe("Polish");
  await page.keyboard.press("ArrowUp");
  expect(await panel(page).locator("[data-task] [tabindex='0']").count()).toBe(1);
  await page.keyboard.press("x");
  await seen(panel(page).getByRole("checkbox", { name: "Reopen “Sweep”" }));
  await page.keyboard.press("Control+z");
  await seen(openTask(page, "Sweep"));

  await panel(page).getByRole("link", { name: "Edit “Sweep”" }).focus();
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press(" ");
  await seen(panel(page).getByText("2 selected"));
  await expectAccessible(page, "selecting");
  await keepScreenshot(page, "selecting");
  await inDark("selecting");
  await panel(page).getByRole("button", { name: "Move to trash", exact: true }).click();
  await gone(openTask(page, "Sweep"));
  await gone(openTask(page, "Polish"));
  await seen(page.getByText("Moved 2 tasks to the trash").first());
  await page.keyboard.press("Control+z");
  await seen(openTask(page, "Polish"));
  await seen(openTask(page, "Sweep"));
});

test("all that is overdue moves to today at once, and back with one undo", async () => {
  await opened("today");
  for (const title of ["File the taxes", "Renew the passport"]) await add(`${title} 2026-01-05`, title);
  const overdue = panel(page).getByRole("heading", { name: /^Overdue 2$/ });
  await seen(overdue);
  await expectAccessible(page, "overdue");
  await keepScreenshot(page, "overdue");
  await panel(page).getByRole("button", { name: "Move all to today: 2 overdue" }).click();
  await gone(overdue);
  await seen(page.getByText("Moved 2 tasks to today").first());
  await page.keyboard.press("Control+z");
  await seen(overdue);
  await panel(page).getByRole("button", { name: "Move all to today: 2 overdue" }).click();
  await gone(overdue);
  await page.reload();
  await seen(openTask(page, "File the taxes"));
  expect(await overdue.count()).toBe(0);
});

test("what quick add understood are chips, and one key gives a part back to the title", async () => {
  await opened("all");
  await quickAdd().fill("Stretch every monday 9am p1");
  const chips = panel(page).getByRole("list", { name: "Recognised" });
  const kinds = async () =>
    Promise.all((await chips.getByRole("listitem").all()).map((chip) => chip.getAttribute("data-kind")));
  await seen(chips);
  expect(await kinds()).toEqual(["date", "time", "repeat", "priority"]);
  await expectAccessible(page, "chips");
  await keepScreenshot(page, "chips");
  await inDark("chips");
  await chips.getByRole("button", { name: /^Priority 1\./ }).press("Backspace");
  expect(await kinds()).toEqual(["date", "time", "repeat"]);
  await page.keyboard.press("Enter");
  await seen(openTask(page, "Stretch p1"));
  const row = panel(page)
    .getByRole("listitem")
    .filter({ has: page.getByRole("checkbox", { name: "Complete “Stretch p1”" }) });
  await seen(row.getByText("Every week on Mon"));
  await seen(row.getByText("9:00 AM"));
});

test("several pasted lines become several tasks when the person says so", async () => {
  const paste = async (text: string) => {
    await composer(page).fill(text);
    await composer(page).press("Control+a");
    await composer(page).press("Control+x");
    await quickAdd().press("Control+v");
  };
  const question = panel(page).getByRole("group", { name: "You pasted 3 lines" });
  await paste("- [ ] Sort the post\n- Iron the shirts tomorrow\n3. Mend the chair p2");
  await seen(question);
  await expectAccessible(page, "pasted lines");
  await keepScreenshot(page, "pasted");
  await question.getByRole("button", { name: "Add 3 tasks" }).click();
  await gone(question);
  await opened("all");
  for (const title of ["Sort the post", "Iron the shirts", "Mend the chair"]) await seen(openTask(page, title));
  await paste("one\ntwo\nthree");
  await question.getByRole("button", { name: "Keep as one task" }).click();
  expect(await quickAdd().inputValue()).toBe("one two three");
  await quickAdd().fill("");
});

test("the palette finds actions, tasks and chats, also from within a field; the help names every key", async () => {
  const palette = page.getByRole("dialog", { name: "Find anything" });
  const find = async (text: string) => {
    await composer(page).press("Control+k");
    await seen(palette);
    await palette.getByRole("combobox").fill(text);
  };
  await find("oat milk");
  await seen(palette.getByRole("option", { name: "Buy oat milk" }));
  await expectAccessible(page, "palette");
  await keepScreenshot(page, "palette");
  await inDark("palette");
  await page.keyboard.press("Enter");
  await seen(page.getByRole("dialog", { name: "Edit task" }));
  await page.goBack();
  await gone(page.getByRole("dialog"));
  await find("add buy oat milk tomorrow");
  await page.keyboard.press("Enter");
  await seen(transcript(page).getByText("add buy oat milk tomorrow"));
  await find("keyboard");
  await page.keyboard.press("Enter");
  await seen(page.getByRole("dialog", { name: "Keyboard shortcuts" }).getByText("In a list of tasks"));
  await expectAccessible(page, "help");
  await keepScreenshot(page, "help");
  await page.keyboard.press("Escape");
  await gone(page.getByRole("dialog"));
});

test("at 320 by 256 pixels there is room for the conversation and for tasks", async ({ onTestFinished }) => {
  onTestFinished(async () => void (await page.setViewportSize({ width: 1440, height: 900 })));
  await page.setViewportSize({ width: 320, height: 256 });
  await page.goto(demo.assistant.url);
  await page.getByRole("navigation", { name: "TaskAssistant" }).getByRole("link", { name: "Chat" }).click();
  await say(page, "add feed the cat today");
  await expectInWindow(page, page.getByRole("button", { name: "Send" }));
  expect((await transcript(page).boundingBox())?.height).toBeGreaterThan(80);
  await expectNoSidewaysScroll(page);
  await keepScreenshot(page, "chat-320x256");
  await opened("today");
  await expectInWindow(page, openTask(page, "Sweep"));
  await expectNoSidewaysScroll(page);
  await expectAccessible(page, "today, 320x256");
  await keepScreenshot(page, "today-320x256");
  await openTask(page, "Feed the cat").scrollIntoViewIfNeeded();
  await expectInWindow(page, openTask(page, "Feed the cat"));
});

test("no error, no violation of the policy, no foreign address in all of that", () => {
  expect([demo.watched.errors, demo.watched.foreign]).toEqual([[], []]);
});
