import { AxeBuilder } from "@axe-core/playwright";
import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { newCredentials, type Person } from "../people/people.ts";

/** Longest wait for anything on the page; the machine may be busy. */
export const PATIENCE_MS = 45_000;

export type Credentials = Pick<Person, "name" | "email" | "password">;

/** Creates an account as a person does. */
export async function signUpInBrowser(page: Page, url: string, name: string): Promise<Credentials> {
  const credentials = newCredentials(name);
  await page.goto(`${url}/sign-up`);
  await page.getByLabel("Name", { exact: true }).fill(credentials.name);
  await page.getByLabel("Email").fill(credentials.email);
  await page.getByLabel("Password", { exact: true }).fill(credentials.password);
  await page.getByRole("button", { name: "Create account" }).click();
  await composer(page).waitFor({ timeout: PATIENCE_MS });
  return credentials;
}

/** Fills the sign-in form that is on the page, in its page or its dialog. */
export async function signInOnPage(page: Page, { email, password }: Credentials): Promise<void> {
  const field = page.getByLabel("Email");
  if ((await field.inputValue()) === "") await field.fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** The field for the next message. */
export const composer = (page: Page): Locator => page.getByRole("textbox", { name: "Ask, or say what needs doing" });

/** The conversation. */
export const transcript = (page: Page): Locator => page.getByRole("log", { name: "Conversation" });

/** The task panel. */
export const panel = (page: Page): Locator =>
  page
    .locator("section")
    .filter({ has: page.getByRole("heading", { name: /^(Today|Upcoming|All tasks|Done|Search|Trash)$/ }) });

/** The checkbox of an open task in the panel. */
export const openTask = (page: Page, title: string): Locator =>
  panel(page).getByRole("checkbox", { name: `Complete “${title}”` });

/** Says something and waits until the answer is there. */
export async function say(page: Page, text: string): Promise<void> {
  const answers = transcript(page).getByText("TaskAssistant answered:");
  const before = await answers.count();
  await composer(page).fill(text);
  await composer(page).press("Enter");
  await answers.nth(before).waitFor({ state: "attached", timeout: PATIENCE_MS });
  await page.getByRole("button", { name: "Send" }).waitFor({ timeout: PATIENCE_MS });
}

/** Waits until something can be seen. */
export async function seen(what: Locator): Promise<void> {
  await what.first().waitFor({ state: "visible", timeout: PATIENCE_MS });
}

/** Waits until nothing of it can be seen. */
export async function gone(what: Locator): Promise<void> {
  await what.first().waitFor({ state: "hidden", timeout: PATIENCE_MS });
}

const FOCUSED = `(({ activeElement: at, body }) =>
  at === null || at === body ? "" : (at.labels?.[0] ?? at).innerText)(document)`;

/** Presses Tab until what has the focus is called so. @throws when there is no way to it */
export async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 25; presses += 1) {
    if (name.test(await page.evaluate<string>(FOCUSED))) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`no way to ${name} by Tab; the last was ${await page.evaluate<string>(FOCUSED)}`);
}

/** Endless ones (a dot that pulses) have no end to wait for. */
const ANIMATIONS_DONE = `Promise.allSettled(document.getAnimations()
  .filter((animation) => animation.effect.getComputedTiming().iterations !== Infinity)
  .map((animation) => animation.finished)).then(() => undefined)`;

/** Nothing axe knows of is wrong with the page as it is now. */
export async function expectAccessible(page: Page, state: string): Promise<void> {
  // Measured when it has come to rest: half-faded text has half its contrast.
  await page.evaluate(ANIMATIONS_DONE);
  const { violations, passes } = await new AxeBuilder({ page }).analyze();
  expect(passes.length, `${state}: axe looked at something`).toBeGreaterThan(5);
  const told = violations.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map(({ html }) => html).join("\n")}`);
  expect(told, state).toEqual([]);
}

/** Nothing sticks out to the right, whatever the width. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const element = "document.documentElement";
  const [content = 0, window = 0] = await page.evaluate<number[]>(`[${element}.scrollWidth, ${element}.clientWidth]`);
  expect(window).toBeGreaterThan(0);
  expect(content).toBeLessThanOrEqual(window);
}

/** Everything of it lies inside the window. */
export async function expectInWindow(page: Page, what: Locator): Promise<void> {
  const box = await what.boundingBox();
  const size = page.viewportSize();
  if (box === null || size === null) throw new Error("it has no place on the page");
  expect(box.x).toBeGreaterThanOrEqual(0);
  expect(box.y).toBeGreaterThanOrEqual(0);
  expect(box.x + box.width).toBeLessThanOrEqual(size.width);
  expect(box.y + box.height).toBeLessThanOrEqual(size.height);
}
