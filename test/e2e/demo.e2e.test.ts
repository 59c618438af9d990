import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { keepScreenshot, openBrowser, openPage } from "./harness/browser/browser.ts";
import {
  composer,
  expectAccessible,
  expectInWindow,
  expectNoSidewaysScroll,
  gone,
  openTask,
  PATIENCE_MS,
  panel,
  say,
  seen,
  signInOnPage,
  signUpInBrowser,
  tabTo,
  transcript,
} from "./harness/browser/chat-page.ts";
import { expectNothingToRead, type Watched, watchPage } from "./harness/browser/watch-page.ts";
import { type Assistant, bringUp, example, NAMESPACES } from "./harness/cluster/assistants.ts";
import { emptied } from "./harness/cluster/tidy.ts";
import { newCredentials, signOut } from "./harness/people/people.ts";
import { execPeople, runPeopleJob } from "./harness/people/people-job.ts";

/** What a person lives through in the first minutes, in a real browser, on the example as it is shipped. */

/** Who is not signed in (any more) is told so by a 401; Chromium writes every one of them into the console. */
const NOT_SIGNED_IN = /status of 401 .*\/api\//;
const TITLE = "Buy milk";

let assistant: Assistant;
let browser: Browser;
let page: Page;
let watched: Watched;
let ada: { name: string; email: string; password: string };

beforeAll(async () => {
  await emptied(NAMESPACES.demo);
  assistant = await bringUp(NAMESPACES.demo, example("demo.yaml"), 300);
  console.log(`examples/demo.yaml: Ready ${assistant.readySeconds.toFixed(1)} s after it was applied`);
  browser = await openBrowser();
  page = await openPage(browser, { colorScheme: "light" });
  page.setDefaultTimeout(PATIENCE_MS);
  watched = watchPage(page, assistant.url, [NOT_SIGNED_IN]);
}, 600_000);

afterEach(async ({ task }) => {
  if (task.result?.state === "fail")
    await keepScreenshot(page, `failed-${task.name.slice(0, 40).replace(/\W+/g, "-")}`);
});

afterAll(async () => {
  await browser?.close();
  await emptied(NAMESPACES.demo);
}, 300_000);

const cookies = async (of: Page): Promise<string> =>
  (await of.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
const reloaded = async () => {
  await page.reload();
  await seen(composer(page));
};

test("a stranger is led to the sign-in page and from there to creating an account", async () => {
  await page.goto(assistant.url);
  await page.waitForURL("**/sign-in");
  await page.getByRole("link", { name: "Create account" }).click();
  await seen(page.getByRole("heading", { name: "Create your account" }));
  await expectAccessible(page, "sign-up, light");
  await page.emulateMedia({ colorScheme: "dark" });
  await expectAccessible(page, "sign-up, dark");
  await page.emulateMedia({ colorScheme: "light" });
  await keepScreenshot(page, "sign-up");
});

test("what is typed before the page is alive gets into no address", async () => {
  const slow = await openPage(browser, { javaScriptEnabled: false });
  for (const path of ["sign-up", "sign-in"]) {
    await slow.goto(`${assistant.url}/${path}`);
    await slow.getByLabel("Email").fill("ada@example.org");
    await slow.getByLabel("Password", { exact: true }).fill("not-for-the-log");
    await slow.getByLabel("Password", { exact: true }).press("Enter");
    await slow.waitForTimeout(1_000);
    expect(slow.url()).toBe(`${assistant.url}/${path}`);
    expect(await slow.locator("button[type=submit]").isDisabled()).toBe(true);
  }
  await slow.context().close();
});

test("signs up and finds an empty page with something to start from", async () => {
  ada = await signUpInBrowser(page, assistant.url, "Ada");
  await seen(page.getByRole("heading", { name: /Ada$/ }));
  await seen(panel(page).getByText("No tasks yet."));
  await seen(page.getByRole("list", { name: "Suggestions" }).getByRole("button").nth(2));
  await expectAccessible(page, "empty, light");
  await keepScreenshot(page, "empty-light");
  await page.emulateMedia({ colorScheme: "dark" });
  await expectAccessible(page, "empty, dark");
  await keepScreenshot(page, "empty-dark");
  await page.emulateMedia({ colorScheme: "light" });
});

test("says what needs doing and sees it done, as a card and in the panel", async () => {
  await say(page, "add buy milk tomorrow");
  await seen(transcript(page).getByText(`Added “${TITLE}”`, { exact: true }));
  await seen(openTask(page, TITLE));
  await seen(panel(page).getByRole("heading", { name: /^Upcoming/ }));
  await seen(panel(page).getByText(/tomorrow/i));
});

test("finds chat and task again after a reload", async () => {
  await reloaded();
  await seen(transcript(page).getByText("add buy milk tomorrow"));
  await seen(transcript(page).getByText(`Added “${TITLE}”`, { exact: true }));
  await seen(openTask(page, TITLE));
  await page.goto(assistant.url);
  await page.getByRole("link", { name: "add buy milk tomorrow" }).first().click();
  await seen(transcript(page).getByText(`Added “${TITLE}”`, { exact: true }));
});

test("adds, edits, completes, reopens and deletes in the panel; the database agrees after a reload", async () => {
  const quickAdd = page.getByRole("textbox", { name: "Add a task" });
  for (const text of ["Call the bank", "Water the plants today"]) {
    await quickAdd.fill(text);
    await quickAdd.press("Enter");
  }
  await seen(openTask(page, "Call the bank"));
  // The second click of a double click meets the same task, not the next one.
  await openTask(page, "Water the plants").dblclick();
  await seen(panel(page).getByRole("checkbox", { name: "Reopen “Water the plants”" }));
  expect(await openTask(page, TITLE).count()).toBe(1);

  await panel(page)
    .getByRole("link", { name: `Edit “${TITLE}”` })
    .click();
  const editor = page.getByRole("dialog", { name: "Edit task" });
  await editor.getByLabel("Title").fill("Buy oat milk");
  await editor.getByLabel("Notes").fill("two litres");
  await editor.getByRole("button", { name: "Save" }).click();
  await gone(editor);
  await seen(openTask(page, "Buy oat milk"));

  const bank = panel(page).getByRole("button", { name: "Move “Call the bank” to the trash" });
  await bank.hover();
  await bank.click();
  await gone(openTask(page, "Call the bank"));

  await reloaded();
  await seen(openTask(page, "Buy oat milk"));
  await seen(panel(page).getByRole("checkbox", { name: "Reopen “Water the plants”" }));
  expect(await openTask(page, "Call the bank").count()).toBe(0);
  expect(await openTask(page, TITLE).count()).toBe(0);
  await panel(page).getByRole("checkbox", { name: "Reopen “Water the plants”" }).click();
  await seen(openTask(page, "Water the plants"));
});

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
  for (const [view, shows] of [
    ["done", "Today · "],
    ["trash", "Call the bank"],
    ["search&q=oat", "Buy oat milk"],
    ["search&q=no+such+words", "No task has “no such words” in its title or notes."],
  ] as const) {
    await page.goto(`${assistant.url}/?view=${view}`);
    await seen(panel(page).getByText(shows));
    await expectAccessible(page, view);
  }
});

test("a list is one stop of Tab; arrow keys and letters do the rest, for one task or for several", async () => {
  const focused = () => page.evaluate<string>("document.activeElement.textContent");
  await page.goto(`${assistant.url}/?view=all`);
  await seen(openTask(page, "Buy oat milk"));
  const quickAdd = page.getByRole("textbox", { name: "Add a task" });
  for (const text of ["Sweep today", "Polish today"]) {
    await quickAdd.fill(text);
    await quickAdd.press("Enter");
    await seen(openTask(page, text.split(" ")[0] ?? ""));
  }
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
  await panel(page).getByRole("button", { name: "Move to trash", exact: true }).click();
  await gone(openTask(page, "Sweep"));
  await gone(openTask(page, "Polish"));
  await seen(page.getByText("Moved 2 tasks to the trash").first());
  await page.keyboard.press("Control+z");
  await seen(openTask(page, "Polish"));
  await seen(openTask(page, "Sweep"));
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
  await page.keyboard.press("Enter");
  await seen(page.getByRole("dialog", { name: "Edit task" }));
  await page.goBack();
  await gone(page.getByRole("dialog"));
  await find("add buy milk tomorrow");
  await page.keyboard.press("Enter");
  await seen(transcript(page).getByText("add buy milk tomorrow"));
  await find("keyboard");
  await page.keyboard.press("Enter");
  await seen(page.getByRole("dialog", { name: "Keyboard shortcuts" }).getByText("In a list of tasks"));
  await expectAccessible(page, "help");
  await page.keyboard.press("Escape");
  await gone(page.getByRole("dialog"));
});

test("the chat with its cards is accessible and looks after itself in light and dark", async () => {
  await say(page, "add call the bank on friday and pay the rent today");
  await say(page, "what's open?");
  await seen(transcript(page).getByText("Added 2 tasks", { exact: true }));
  await expectAccessible(page, "chat with cards, light");
  await keepScreenshot(page, "chat-light");
  await page.emulateMedia({ colorScheme: "dark" });
  await expectAccessible(page, "chat with cards, dark");
  await keepScreenshot(page, "chat-dark");
  await page.emulateMedia({ colorScheme: "light" });
});

test("is usable at 320 pixels", async ({ onTestFinished }) => {
  onTestFinished(async () => void (await page.setViewportSize({ width: 1440, height: 900 })));
  await page.setViewportSize({ width: 320, height: 640 });
  await seen(composer(page));
  await expectNoSidewaysScroll(page);
  await expectInWindow(page, composer(page));
  await expectInWindow(page, page.getByRole("button", { name: "Send" }));
  await expectAccessible(page, "chat, 320 px");
  await keepScreenshot(page, "chat-320");
  await say(page, "add feed the cat today");
  const bar = page.getByRole("navigation", { name: "TaskAssistant" });
  await bar.getByRole("link", { name: /^Today/ }).click();
  await seen(openTask(page, "Feed the cat"));
  await expectNoSidewaysScroll(page);
  await expectAccessible(page, "tasks, 320 px");
  await keepScreenshot(page, "tasks-320");
  await page.emulateMedia({ colorScheme: "dark" });
  await keepScreenshot(page, "tasks-320-dark");
  await page.emulateMedia({ colorScheme: "light" });
  await bar.getByRole("link", { name: "Chat" }).click();
  await expectInWindow(page, composer(page));
});

test("another person sees nothing of the first", async () => {
  const other = await openPage(browser);
  other.setDefaultTimeout(PATIENCE_MS);
  const otherWatched = watchPage(other, assistant.url, [NOT_SIGNED_IN]);
  await signUpInBrowser(other, assistant.url, "Bob");
  await seen(panel(other).getByText("No tasks yet."));
  await say(other, "show all my tasks");
  const text = await other.locator("body").innerText();
  expect(text).toContain("You have no tasks");
  expect(text).not.toMatch(/milk|plants|rent|cat\b/i);
  await say(other, "delete buy oat milk");
  const adasChat = new URL(page.url()).searchParams.get("chat");
  expect(adasChat).toMatch(/^[0-9a-f-]{36}$/);
  const [stolen, listed] = await other.evaluate<[number, string]>(`Promise.all([
    fetch("/api/conversations/${adasChat}").then((answer) => answer.status),
    fetch("/api/conversations").then((answer) => answer.text()),
  ])`);
  expect(stolen).toBe(404);
  expect(listed).not.toContain("milk tomorrow");
  expect(otherWatched.foreign).toEqual([]);
  await other.context().close();
  await reloaded();
  await seen(openTask(page, "Buy oat milk"));
});

test("a person changes the password, which ends the other devices, and deletes the account", async () => {
  const [own, phone] = [await openPage(browser), await openPage(browser)];
  for (const each of [own, phone]) each.setDefaultTimeout(PATIENCE_MS);
  const ownWatched = watchPage(own, assistant.url, [NOT_SIGNED_IN]);
  const cleo = await signUpInBrowser(own, assistant.url, "Cleo");
  await phone.goto(`${assistant.url}/sign-in`);
  await signInOnPage(phone, cleo);
  await seen(composer(phone));

  await own.getByRole("button", { name: /^Account/ }).click();
  await own.getByRole("menuitem", { name: "Settings" }).click();
  await own.waitForURL("**/settings");
  await seen(own.getByText("This device"));
  for (const colorScheme of ["light", "dark"] as const) {
    await own.emulateMedia({ colorScheme });
    await expectAccessible(own, `settings, ${colorScheme}`);
    await keepScreenshot(own, `settings-${colorScheme}`);
  }
  await own.setViewportSize({ width: 320, height: 640 });
  await expectNoSidewaysScroll(own);
  await expectAccessible(own, "settings, 320 px");
  await keepScreenshot(own, "settings-320");

  const [file] = await Promise.all([
    own.waitForEvent("download"),
    own.getByRole("link", { name: /^Spreadsheet/ }).click(),
  ]);
  expect(file.suggestedFilename()).toMatch(/^tasks-\d{4}-\d{2}-\d{2}\.csv$/);
  expect(await file.failure()).toBeNull();

  const next = newCredentials("Cleo").password;
  await own.getByLabel("Current password").fill(cleo.password);
  await own.getByLabel("New password").fill(next);
  await own.getByRole("button", { name: "Change password" }).click();
  await seen(own.getByText("Password changed."));
  await gone(own.getByRole("button", { name: /^Sign out/ }));
  await seen(phone.getByRole("dialog", { name: "Sign in to continue" }));
  await phone.context().close();

  await own.getByRole("button", { name: "Delete account" }).click();
  const dialog = own.getByRole("dialog", { name: "Delete your account?" });
  await expectAccessible(own, "deleting the account");
  await dialog.getByLabel(/^Type/).fill(cleo.email);
  await dialog.getByLabel("Current password").fill(next);
  await dialog.getByRole("button", { name: "Delete everything" }).click();
  await own.waitForURL("**/sign-in?deleted");
  await seen(own.getByText("has been deleted"));
  await ownWatched.settled();
  expect([ownWatched.errors, ownWatched.foreign, ownWatched.tokens]).toEqual([[], [], []]);
  await signInOnPage(own, { ...cleo, password: next });
  await seen(own.getByText("The email or password is incorrect."));
  await own.context().close();
});

test("the command makes the first administrator, who invites somebody on a phone", async () => {
  const promoted = await runPeopleJob(assistant, ["promote", ada.email]);
  expect(promoted).toBe(`${ada.email} is an administrator now.\n`);
  expect(await execPeople(assistant, ["list", ada.email])).toMatch(/^ADDRESS.*\n\S+ +Ada +administrator +enabled/);

  const admin = await openPage(browser);
  const phone = await openPage(browser, { viewport: { width: 320, height: 640 } });
  for (const each of [admin, phone]) each.setDefaultTimeout(PATIENCE_MS);
  await admin.goto(`${assistant.url}/sign-in?to=people`);
  await signInOnPage(admin, ada);
  await seen(admin.getByText(ada.email, { exact: true }));
  const adminWatched = watchPage(admin, assistant.url);
  for (const colorScheme of ["light", "dark"] as const) {
    await admin.emulateMedia({ colorScheme });
    await expectAccessible(admin, `people, ${colorScheme}`);
    await keepScreenshot(admin, `people-${colorScheme}`);
  }
  await admin.setViewportSize({ width: 320, height: 640 });
  await expectNoSidewaysScroll(admin);
  await expectAccessible(admin, "people, 320 px");
  await keepScreenshot(admin, "people-320");

  const dora = newCredentials("Dora");
  await admin.getByRole("button", { name: "Invite someone" }).click();
  await admin.getByLabel(/^Email/).fill(dora.email);
  await expectAccessible(admin, "inviting");
  await admin.getByRole("button", { name: "Make link" }).click();
  await seen(admin.getByText("The invitation is ready"));
  await expectAccessible(admin, "a link that is ready");
  const link = await admin.getByLabel("Link", { exact: true }).inputValue();
  await admin.getByRole("button", { name: "Done" }).click();

  const phoneWatched = watchPage(phone, assistant.url);
  const sent: string[] = [];
  phone.on("request", (request) => sent.push(`${request.url()} ${JSON.stringify(request.headers())}`));
  await phone.goto(link);
  await seen(phone.getByRole("heading", { name: "You’re invited" }));
  expect(await phone.getByLabel("Email").inputValue()).toBe(dora.email);
  await expectNoSidewaysScroll(phone);
  await expectAccessible(phone, "invitation, 320 px");
  await keepScreenshot(phone, "invitation-320");
  await phone.getByLabel("Name").fill(dora.name);
  await phone.getByLabel("Password", { exact: true }).fill(dora.password);
  await phone.keyboard.press("Enter");
  await seen(composer(phone));
  await phone.goto(link);
  await seen(phone.getByText("This link has been used"));
  await expectAccessible(phone, "a used link");
  await keepScreenshot(phone, "used-link-320");
  expect(sent.length).toBeGreaterThan(5);
  expect(sent.filter((request) => request.includes(new URL(link).hash.slice(1)))).toEqual([]);

  await admin.reload();
  await seen(admin.getByText(dora.email, { exact: true }));
  await admin.getByRole("button", { name: "Actions for Dora" }).click();
  await admin.getByRole("menuitem", { name: "Disable account" }).click();
  await admin.getByRole("button", { name: "Disable account" }).click();
  await seen(admin.getByText("Disabled", { exact: true }));
  await phone.goto(assistant.url);
  await phone.waitForURL("**/sign-in");
  await signInOnPage(phone, dora);
  await seen(phone.getByText("This account is disabled."));
  expect([adminWatched.errors, adminWatched.foreign, phoneWatched.foreign]).toEqual([[], [], []]);
  for (const each of [admin, phone]) await each.context().close();
});

test("signs out, and in again, and has everything", async () => {
  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.waitForURL("**/sign-in");
  await page.goto(assistant.url);
  await page.waitForURL("**/sign-in");
  await signInOnPage(page, ada);
  await seen(composer(page));
  await seen(openTask(page, "Buy oat milk"));
});

test("a session that ended elsewhere is renewed on the spot and loses no typed word", async () => {
  await composer(page).fill("add book the dentist on monday");
  await signOut(assistant.url, await cookies(page));
  const dialog = page.getByRole("dialog", { name: "Sign in to continue" });
  await seen(dialog);
  await expectAccessible(page, "session ended");
  await signInOnPage(page, ada);
  await gone(dialog);
  expect(await composer(page).inputValue()).toBe("add book the dentist on monday");
  await composer(page).press("Enter");
  await seen(transcript(page).getByText("Added “Book the dentist”", { exact: true }));
  await seen(openTask(page, "Book the dentist"));
});

test("a message sent into an ended session is sent again after signing in", async () => {
  await page.getByRole("button", { name: "New chat" }).first().click();
  await composer(page).fill("add order new glasses");
  // At once, so that the panel's own look at the server does not notice first.
  await signOut(assistant.url, await cookies(page));
  await composer(page)
    .press("Enter")
    .catch(() => undefined);
  const dialog = page.getByRole("dialog", { name: "Sign in to continue" });
  await seen(dialog);
  await signInOnPage(page, ada);
  await gone(dialog);
  if ((await composer(page).inputValue()) !== "") await composer(page).press("Enter");
  await seen(transcript(page).getByText("Added “Order new glasses”", { exact: true }));
});

test("the whole way from signing in to a task is possible with the keyboard alone", async () => {
  const keyboard = await openPage(browser);
  keyboard.setDefaultTimeout(PATIENCE_MS);
  await keyboard.goto(`${assistant.url}/sign-in`);
  await seen(keyboard.getByRole("button", { name: "Sign in", exact: true }));
  await tabTo(keyboard, /^Email/);
  await keyboard.keyboard.type(ada.email);
  await tabTo(keyboard, /^Password/);
  await keyboard.keyboard.type(ada.password);
  await keyboard.keyboard.press("Enter");
  await seen(composer(keyboard));
  // The field has the focus as soon as the page is there.
  await keyboard.keyboard.type("add learn the shortcuts");
  await keyboard.keyboard.press("Enter");
  await seen(transcript(keyboard).getByText("Added “Learn the shortcuts”", { exact: true }));
  // From the beginning of the page, the first stop leads to the field.
  await keyboard.evaluate("document.body.tabIndex = -1, document.body.focus()");
  await keyboard.keyboard.press("Tab");
  expect(await keyboard.evaluate("document.activeElement.textContent")).toBe("Skip to the message field");
  await keyboard.context().close();
});

test("no error, no violation of the policy, no foreign address in all of that", async () => {
  expect(watched.requests.length).toBeGreaterThan(50);
  expect(watched.errors).toEqual([]);
  expect(watched.foreign).toEqual([]);
});

test("no token ever came within reach of JavaScript", async () => {
  await watched.settled();
  expect(watched.requests.filter((request) => request.includes("/api/auth/")).length).toBeGreaterThan(4);
  expect(watched.tokens).toEqual([]);
  await expectNothingToRead(page);
  // None to be had by asking either: for pages the token route is closed, Better Auth's own is not there.
  const asked = await page.evaluate<number[]>(`Promise.all([
    fetch("/api/token", { method: "POST" }),
    fetch("/api/auth/token"),
    fetch("/oauth2/token", { method: "POST" }),
  ]).then((answers) => answers.map((answer) => answer.status))`);
  expect(asked).toEqual([403, 404, 404]);
});
