import { expect, type Locator, type Page } from "@playwright/test";
import { ROOM_PATH } from "./person";

/** Until the scripts of the page have taken over. */
export async function ready(page: Page): Promise<void> {
  await page.locator("html[data-ready]").waitFor({ state: "attached" });
}

/** Opens an address and waits for its scripts. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await ready(page);
}

/** Opens the room everybody is in, and waits until it hears what is said. */
export async function openRoom(page: Page): Promise<void> {
  const heard = page.waitForEvent("websocket").then((socket) => socket.waitForEvent("framereceived"));
  await open(page, ROOM_PATH);
  await heard;
}

export const box = (page: Page): Locator => page.getByRole("textbox", { name: "Message", exact: true });

export const log = (page: Page): Locator => page.getByRole("log", { name: "Messages" });

export const messages = (page: Page): Locator => log(page).getByRole("article");

/** The messages with exactly this text. */
export const saying = (page: Page, text: string): Locator =>
  messages(page).filter({ has: page.locator(".message__body").getByText(text, { exact: true }) });

export const connection = (page: Page): Locator => page.getByRole("status", { name: "Connection" });

/** The page has noticed that it is cut off. */
export async function cutOff(page: Page): Promise<void> {
  await page.context().setOffline(true);
  await expect(connection(page)).toContainText("Not connected.", { timeout: 15_000 });
}

export async function say(page: Page, text: string): Promise<void> {
  await box(page).fill(text);
  await box(page).press("Enter");
}

/** A row that the server has confirmed. */
export async function isConfirmed(row: Locator): Promise<void> {
  await expect(row).toHaveCount(1);
  await expect(row).toHaveAttribute("data-seq", /^\d+$/);
  await expect(row).toHaveAttribute("data-message-id", /^[0-9a-f-]{36}$/);
  await expect(row).not.toHaveClass(/message--(sending|failed)/);
}

export interface Shown {
  seq: number;
  text: string;
}

/** All confirmed messages of the page, from top to bottom. */
export function shown(page: Page): Promise<Shown[]> {
  return messages(page).evaluateAll((rows) =>
    rows
      .filter((row) => row.hasAttribute("data-seq"))
      .map((row) => ({
        seq: Number(row.getAttribute("data-seq")),
        text: row.querySelector(".message__body")?.textContent ?? "",
      })),
  );
}

/** Whether each follows the one before: none is missing, none is there twice, none is out of order. */
export function areWithoutGap(rows: Shown[]): boolean {
  return rows.every((row, index) => index === 0 || row.seq === rows[index - 1].seq + 1);
}

/** Until the last confirmed message of the page is that one. */
export async function endsWith(page: Page, seq: number, timeout = 30_000): Promise<void> {
  await expect.poll(async () => (await shown(page)).at(-1)?.seq, { timeout }).toBe(seq);
}

/** Scrolls to the first message that is loaded. */
export function scrollToTop(page: Page): Promise<void> {
  return log(page).evaluate((list) => {
    const scroller = list.parentElement as HTMLElement;
    scroller.scrollTop = -scroller.scrollHeight;
  });
}

/** Scrolls to the last message that is loaded. */
export function scrollToEnd(page: Page): Promise<void> {
  return log(page).evaluate((list) => {
    (list.parentElement as HTMLElement).scrollTop = 0;
  });
}

/** Where a message is on the screen, in pixels from its top. */
export function topOf(page: Page, seq: number): Promise<number> {
  return log(page)
    .locator(`article[data-seq="${seq}"]`)
    .evaluate((row) => row.getBoundingClientRect().top);
}

/** The message in the middle of the screen, and where it is. */
export function inTheMiddle(page: Page): Promise<{ seq: number; y: number }> {
  return log(page).evaluate((list) => {
    const half = window.innerHeight / 2;
    const rows = [...list.querySelectorAll("article[data-seq]")];
    const row = rows.find((row) => row.getBoundingClientRect().bottom > half) as Element;
    return { seq: Number(row.getAttribute("data-seq")), y: row.getBoundingClientRect().top };
  });
}

/** Takes down what a screen reader is told from now on, also over a reload. */
export async function listen(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(() => {
    const said: string[] = [];
    Object.assign(window, { said });
    let before = "";
    new MutationObserver(() => {
      for (const region of document.querySelectorAll("[aria-live=polite]")) {
        // The same words are said again when something about them is another, be it a space.
        const text = region.textContent ?? "";
        if (text.trim() && text !== before) said.push(text.trim());
        before = text;
      }
    }).observe(document, { childList: true, subtree: true, characterData: true });
  });
  return () => page.evaluate(() => (window as unknown as { said: string[] }).said);
}

/** Where the view is in the conversation, in pixels from its end. */
export function distanceFromEnd(page: Page): Promise<number> {
  return log(page).evaluate((list) => Math.round(Math.abs((list.parentElement as HTMLElement).scrollTop)));
}

/** A mark that a page loses when it is loaded again. */
export async function mark(page: Page): Promise<void> {
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));
}

export async function isSameDocument(page: Page): Promise<void> {
  expect(await page.evaluate(() => "sameDocument" in window), "the page was not loaded again").toBe(true);
}
