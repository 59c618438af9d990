import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { keepScreenshot } from "./harness/browser/browser.ts";
import {
  type Credentials,
  composer,
  expectAccessible,
  expectNoSidewaysScroll,
  gone,
  openTask,
  say,
  seen,
  signInOnPage,
  signUpInBrowser,
  tabTo,
  transcript,
} from "./harness/browser/chat-page.ts";
import { type Demo, NOT_SIGNED_IN, openDemo } from "./harness/browser/demo.ts";
import { watchPage } from "./harness/browser/watch-page.ts";
import { NAMESPACES } from "./harness/cluster/assistants.ts";
import { frugal } from "./harness/cluster/tidy.ts";
import { newCredentials, signOut } from "./harness/people/people.ts";
import { execPeople, runPeopleJob } from "./harness/people/people-job.ts";

/** What a person does with an account: sessions that end, passwords, leaving; and what an administrator does. */

let demo: Demo;
let page: Page;
let ada: Credentials;

beforeAll(async () => {
  demo = await openDemo(NAMESPACES.accounts, frugal);
  ({ page } = demo);
}, 600_000);
afterEach(({ task }) => demo.keepFailure(task));
afterAll(() => demo?.close(), 300_000);

const cookies = async (of: Page): Promise<string> =>
  (await of.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");

test("signs out, and in again, and has everything", async () => {
  ada = await signUpInBrowser(page, demo.assistant.url, "Ada");
  await say(page, "add buy oat milk tomorrow");
  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.waitForURL("**/sign-in");
  await page.goto(demo.assistant.url);
  await page.waitForURL("**/sign-in");
  await signInOnPage(page, ada);
  await seen(composer(page));
  await seen(openTask(page, "Buy oat milk"));
});

test("a session that ended elsewhere is renewed on the spot and loses no typed word", async () => {
  await composer(page).fill("add book the dentist on monday");
  await signOut(demo.assistant.url, await cookies(page));
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
  await signOut(demo.assistant.url, await cookies(page));
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
  const keyboard = await demo.another();
  await keyboard.goto(`${demo.assistant.url}/sign-in`);
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

test("a person changes the password, which ends the other devices, and deletes the account", async () => {
  const [own, phone] = [await demo.another(), await demo.another()];
  const ownWatched = watchPage(own, demo.assistant.url, [NOT_SIGNED_IN]);
  const cleo = await signUpInBrowser(own, demo.assistant.url, "Cleo");
  await phone.goto(`${demo.assistant.url}/sign-in`);
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
  const promoted = await runPeopleJob(demo.assistant, ["promote", ada.email]);
  expect(promoted).toBe(`${ada.email} is an administrator now.\n`);
  expect(await execPeople(demo.assistant, ["list", ada.email])).toMatch(/^ADDRESS.*\n\S+ +Ada +administrator +enabled/);

  const admin = await demo.another();
  const phone = await demo.another({ viewport: { width: 320, height: 640 } });
  await admin.goto(`${demo.assistant.url}/sign-in?to=people`);
  await signInOnPage(admin, ada);
  await seen(admin.getByText(ada.email, { exact: true }));
  const adminWatched = watchPage(admin, demo.assistant.url);
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

  const phoneWatched = watchPage(phone, demo.assistant.url);
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
  await phone.goto(demo.assistant.url);
  await phone.waitForURL("**/sign-in");
  await signInOnPage(phone, dora);
  await seen(phone.getByText("This account is disabled."));
  expect([adminWatched.errors, adminWatched.foreign, phoneWatched.foreign]).toEqual([[], [], []]);
  for (const each of [admin, phone]) await each.context().close();
});

test("no error, no violation of the policy, no foreign address, no token within reach in all of that", async () => {
  await demo.watched.settled();
  expect(demo.watched.requests.filter((request) => request.includes("/api/auth/")).length).toBeGreaterThan(4);
  expect([demo.watched.errors, demo.watched.foreign, demo.watched.tokens]).toEqual([[], [], []]);
});
