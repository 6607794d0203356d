import type { Page } from "@playwright/test";
import type { Account } from "../support/person";
import { ROOM_PATH } from "../support/person";
import { distanceFromEnd, log, messages, open, openRoom, saying } from "../support/room";
import { expect, test } from "../support/test";

test.use({ alone: true });

const divider = (page: Page) => page.getByRole("separator", { name: "New messages" });
const jump = (page: Page) => page.getByRole("link", { name: "Jump to first unread" });
const isRead = (account: Account, seq: number) => expect.poll(async () => (await account.entry()).read).toBe(seq);

/** Whether the browser says that somebody sees the page. */
async function show(page: Page, visible: boolean): Promise<void> {
  await page.evaluate((visible) => {
    Object.defineProperty(document, "visibilityState", { value: visible ? "visible" : "hidden", configurable: true });
    Object.defineProperty(document, "hidden", { value: !visible, configurable: true });
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
  }, visible);
}

test("a room opens at the first message that was not read, below a line that stays", async ({ person, account }) => {
  // Whoever signs up has missed nothing that was said before.
  const { page, account: reader } = await person("reader");
  const posted = await (await account("writer")).postMany(45, "line");
  await reader.read(posted[9].seq);
  await openRoom(page);
  await expect(divider(page)).toBeInViewport();
  await expect(saying(page, posted[10].body)).toBeInViewport({ ratio: 1 });
  await expect(saying(page, posted.at(-1)!.body)).not.toBeInViewport();
  expect((await reader.entry()).read, "only what was in view is read").toBeLessThan(posted.at(-1)!.seq);

  await page.getByRole("button", { name: "To the newest" }).click();
  await isRead(reader, posted.at(-1)!.seq);
  await expect(divider(page)).toHaveCount(1);
  await page.reload();
  await expect(saying(page, posted.at(-1)!.body)).toBeInViewport();
  await expect(divider(page)).toHaveCount(0);
});

test("who scrolls through what is new has read as far as the lowest message that was in view", async ({
  person,
  account,
}) => {
  const { page, account: reader } = await person("reader");
  const posted = await (await account("writer")).postMany(45, "line");
  await reader.read(posted[4].seq);
  await openRoom(page);
  await expect(divider(page)).toBeInViewport();
  const lowest = await log(page).evaluate((list) => {
    const bottom = (list.parentElement as HTMLElement).getBoundingClientRect().bottom;
    const rows = [...list.querySelectorAll("article[data-seq]")].filter(
      (row) => row.getBoundingClientRect().bottom <= bottom + 1,
    );
    return Number(rows.at(-1)!.getAttribute("data-seq"));
  });
  await isRead(reader, lowest);
});

test("what was not read long ago is one press away", async ({ person, account }) => {
  const { page, account: reader } = await person("reader");
  const posted = await (await account("writer")).postFast(300, "line");
  await reader.read(posted[19].seq);
  await openRoom(page);
  await expect(saying(page, posted.at(-1)!.body)).toBeInViewport();
  await jump(page).click();
  await expect(divider(page)).toBeInViewport();
  await expect(saying(page, posted[20].body)).toBeInViewport({ ratio: 1 });
  await expect(jump(page)).toHaveCount(0);
});

test("a tab that nobody looks at reads nothing, and reads at once when somebody does", async ({ person, account }) => {
  const writer = await account("writer");
  const before = await writer.post("before");
  const { page, account: reader } = await person("reader");
  await openRoom(page);
  await isRead(reader, before.seq);
  await show(page, false);
  const marked: string[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/api/rooms/read")) marked.push(request.postData() ?? "");
  });
  const posted = await writer.post("while nobody looks");
  await expect(saying(page, posted.body)).toBeVisible();
  // What is said by somebody else afterwards has been through the same page.
  const last = await writer.post("and once more");
  await expect(saying(page, last.body)).toBeVisible();
  expect(marked).toEqual([]);
  expect(await reader.entry()).toMatchObject({ read: before.seq, unread: 2 });
  await show(page, true);
  await isRead(reader, last.seq);
});

test("many messages in a row are marked as read with few requests, and the last one counts", async ({ person, account }) => {
  const writer = await account("writer");
  const { page, account: reader } = await person("reader");
  await openRoom(page);
  let marked = 0;
  page.on("request", (request) => {
    if (request.url().endsWith("/api/rooms/read")) marked += 1;
  });
  const posted = await writer.postMany(40, "line");
  await isRead(reader, posted.at(-1)!.seq);
  expect(marked).toBeLessThanOrEqual(8);
});

test("a mark that could not be said while the line was cut is said when it is back", async ({ person, account, faults }) => {
  faults.expect(/console: (Failed to load resource: net::ERR_|WebSocket connection)/);
  const writer = await account("writer");
  const { page, account: reader } = await person("reader");
  await openRoom(page);
  await page.route("**/api/rooms/read", (route) => route.abort());
  const posted = await writer.post("read me");
  await expect(saying(page, posted.body)).toBeVisible();
  await page.unroute("**/api/rooms/read");
  await isRead(reader, posted.seq);
});

test("what one says oneself is no news, and moves no line", async ({ person }) => {
  const { page } = await person("speaker");
  await openRoom(page);
  await page.getByRole("textbox", { name: "Message", exact: true }).fill("my own");
  await page.keyboard.press("Enter");
  await expect(saying(page, "my own")).toHaveAttribute("data-seq", /\d/);
  await expect(divider(page)).toHaveCount(0);
});

test("who marks a message as unread finds it so, on all devices, until they come to the end again", async ({
  person,
  account,
}) => {
  const posted = await (await account("writer")).postMany(60, "line");
  const { page, account: reader } = await person("reader");
  await openRoom(page);
  await isRead(reader, posted.at(-1)!.seq);
  const row = saying(page, posted[54].body);
  await row.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: /unread/i }).click();
  await isRead(reader, posted[53].seq);
  await expect(divider(page)).toHaveCount(1);
  // Still at the end, and still unread.
  await page.mouse.move(700, 400);
  expect((await reader.entry()).unread).toBe(6);

  await log(page).evaluate((list) => ((list.parentElement as HTMLElement).scrollTop = -900));
  await expect.poll(() => distanceFromEnd(page)).toBeGreaterThan(500);
  await expect(page.getByRole("button", { name: "To the newest" })).toBeVisible();
  await page.getByRole("button", { name: "To the newest" }).click();
  await isRead(reader, posted.at(-1)!.seq);
});

test("the mark is put where it belongs when the room is left right after reading", async ({ person, account }) => {
  const writer = await account("writer");
  const { page, account: reader } = await person("reader");
  await openRoom(page);
  const posted = await writer.postMany(3, "last words");
  await expect(saying(page, posted[2].body)).toBeVisible();
  await page.goto("/profile/settings");
  await isRead(reader, posted[2].seq);
  await open(page, ROOM_PATH);
  await expect(messages(page)).not.toHaveCount(0);
  await expect(divider(page)).toHaveCount(0);
});
