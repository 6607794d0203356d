import type { Page } from "@playwright/test";
import { ROOM, ROOM_PATH } from "../support/person";
import { box, isConfirmed, open, openRoom, ready, say, saying } from "../support/room";
import { goTo, group, pathOf } from "../support/rooms";
import { expect, test } from "../support/test";

const choices = (page: Page) => page.getByRole("listbox", { name: "Suggestions" });
const emoji = (page: Page) => page.getByRole("dialog", { name: "Emoji" });

test("a name is completed by its beginning, with the keys", async ({ person, account }) => {
  const writer = await account("farah");
  await writer.post("hello");
  const { page } = await person("caller");
  await openRoom(page);
  await box(page).pressSequentially(`Good evening @${writer.name}`);
  const option = choices(page).getByRole("option", { name: `@${writer.name}` }).first();
  await expect(option).toHaveAttribute("aria-selected", "true");
  await expect(box(page)).toHaveAttribute("aria-activedescendant", (await option.getAttribute("id"))!);
  await expect(box(page)).toBeFocused();
  await box(page).press("Enter");
  await expect(choices(page)).toHaveCount(0);
  await expect(box(page)).toHaveValue(`Good evening @${writer.name} `);
  await box(page).press("Enter");
  await isConfirmed(saying(page, `Good evening @${writer.name}`));
});

test("Up and Down choose, Escape closes the list and leaves the text, and a mail address asks nothing", async ({
  person,
}) => {
  const { page } = await person("chooser");
  await openRoom(page);
  await box(page).pressSequentially(":gri");
  const options = choices(page).getByRole("option");
  await expect(options.nth(0)).toHaveAttribute("aria-selected", "true");
  await box(page).press("ArrowDown");
  await expect(options.nth(1)).toHaveAttribute("aria-selected", "true");
  await box(page).press("ArrowUp");
  await box(page).press("ArrowUp");
  await expect(options.last()).toHaveAttribute("aria-selected", "true");
  await box(page).press("Escape");
  await expect(choices(page)).toHaveCount(0);
  await expect(box(page)).toHaveValue(":gri");
  await box(page).fill("");
  await box(page).pressSequentially("write to mei@example.org :) 10:30");
  await expect(choices(page)).toHaveCount(0);
});

test("on a low screen the list of suggestions goes with the choice", async ({ person }) => {
  const { page } = await person("chooser", { viewport: { width: 844, height: 300 } });
  await openRoom(page);
  await box(page).pressSequentially(":gri");
  const options = choices(page).getByRole("option");
  await expect(options.last()).not.toBeInViewport({ ratio: 1 });
  await box(page).press("ArrowUp");
  await expect(options.last()).toHaveAttribute("aria-selected", "true");
  await expect(options.last()).toBeInViewport({ ratio: 1 });
  await box(page).press("ArrowDown");
  await expect(options.first()).toBeInViewport({ ratio: 1 });
});

test("a room is completed by its name", async ({ person }) => {
  const { page } = await person("guide");
  await openRoom(page);
  await box(page).pressSequentially("come to #publ");
  await choices(page).getByRole("option", { name: /#public-chat/ }).click();
  await expect(box(page)).toHaveValue("come to #public-chat ");
  await expect(box(page)).toBeFocused();
});

test("a group is completed by its name, and is a link for those who are in it", async ({ person }) => {
  const [{ page, account }, other] = [await person("guide"), await person("passer")];
  const slug = await group(account, "Deep sky");
  await openRoom(page);
  await openRoom(other.page);
  await box(page).pressSequentially("more of it in #deep");
  await choices(page).getByRole("option", { name: /Deep sky/ }).click();
  await box(page).press("Enter");
  const row = saying(page, "more of it in #Deep sky");
  await isConfirmed(row);
  await expect(row.getByRole("link", { name: "#Deep sky" })).toHaveAttribute("href", pathOf(slug));
  const text = saying(other.page, `more of it in #${slug}`);
  await expect(text).toBeVisible();
  await expect(text.getByRole("link", { name: /deep/i })).toHaveCount(0);
  // The same in the page as the server writes it.
  await page.reload();
  await expect(row.getByRole("link", { name: "#Deep sky" })).toBeVisible();
  await other.page.reload();
  await expect(text).toBeVisible();
});

test("an emoji is typed by its code", async ({ person }) => {
  const { page, name } = await person("coder");
  await openRoom(page);
  await box(page).pressSequentially(`well done ${name} :tad`);
  await expect(choices(page).getByRole("option").first()).toContainText("party popper");
  await box(page).press("Tab");
  await expect(box(page)).toHaveValue(`well done ${name} 🎉 `);
  await expect(box(page)).toBeFocused();
});

test("an emoji is chosen by searching, and is at hand the next time", async ({ person }) => {
  const { page } = await person("picker");
  await openRoom(page);
  await box(page).fill("ab");
  await box(page).evaluate((field: HTMLTextAreaElement) => field.setSelectionRange(1, 1));
  await page.getByRole("button", { name: "Emoji", exact: true }).click();
  const search = emoji(page).getByRole("searchbox", { name: "Search emoji" });
  await expect(search).toBeFocused();
  await search.pressSequentially("satur");
  await expect(emoji(page).getByRole("gridcell", { name: "ringed planet" })).toBeVisible();
  await search.press("Enter");
  await expect(emoji(page)).toBeHidden();
  await expect(box(page)).toHaveValue("a🪐b");
  await expect(box(page)).toBeFocused();

  await page.reload();
  await ready(page);
  await page.getByRole("button", { name: "Emoji", exact: true }).click();
  await expect(emoji(page).getByRole("button", { name: "Used before" })).toHaveAttribute("aria-pressed", "true");
  await expect(emoji(page).getByRole("gridcell")).toHaveCount(1);
  await page.keyboard.press("Escape");
  await expect(emoji(page)).toBeHidden();
});

test("emoji are chosen with the arrows, by kind", async ({ person }) => {
  const { page } = await person("walker");
  await openRoom(page);
  await page.getByRole("button", { name: "Emoji", exact: true }).click();
  await emoji(page).getByRole("button", { name: "Animals and nature" }).click();
  const cells = emoji(page).getByRole("gridcell");
  await expect(cells.first()).toHaveAccessibleName("monkey face");
  await emoji(page).getByRole("searchbox").focus();
  await page.keyboard.press("ArrowDown");
  await expect(cells.nth(0)).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowDown");
  await expect(cells.nth(10)).toBeFocused();
  await page.keyboard.press("Home");
  await expect(cells.nth(9)).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  await expect(emoji(page).getByRole("searchbox")).toBeFocused();
  await emoji(page).getByRole("searchbox").fill("no such thing at all");
  await expect(emoji(page).getByText("No emoji is called that.")).toBeVisible();
});

test("the emoji are fetched when they are needed, and not before", async ({ person }) => {
  const { page } = await person("frugal");
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await openRoom(page);
  const files = () => asked.filter((path) => path.endsWith("/emoji.txt"));
  expect(files()).toEqual([]);
  await page.getByRole("button", { name: "Emoji", exact: true }).click();
  await expect(emoji(page).getByRole("gridcell").first()).toBeVisible();
  expect(files()).toHaveLength(1);
});

test("an answer quotes what it answers, and Escape takes the quote away", async ({ person, account }) => {
  const question = await (await account("asker")).post(`Who has the key?`);
  const { page, name } = await person("helper");
  await openRoom(page);
  const bar = page.locator(".composer .quote");
  const row = page.locator(`article[data-seq="${question.seq}"]`);
  await row.focus();
  await page.keyboard.press("r");
  await expect(bar).toContainText("Who has the key?");
  await expect(box(page)).toBeFocused();
  await expect(box(page)).toHaveAccessibleDescription(/Your reply to asker\d+ Who has the key\?/);
  await page.keyboard.press("Escape");
  await expect(bar).toHaveCount(0);
  await expect(box(page)).toBeFocused();

  await row.focus();
  await page.keyboard.press("r");
  await bar.getByRole("link", { name: "Do not reply to this" }).click();
  await expect(bar).toHaveCount(0);
  await expect(box(page)).toBeFocused();

  await row.focus();
  await page.keyboard.press("r");
  const posted = page.waitForRequest("**/api/messages/post");
  await say(page, `I have ${name}`);
  expect(new URLSearchParams((await posted).postData() ?? "").get("reply_to")).toBe(question.id);
  await expect(bar).toHaveCount(0);
  await isConfirmed(saying(page, `I have ${name}`));
  await expect(saying(page, `I have ${name}`).locator(".quote")).toContainText("Who has the key?");
});

test("Up in an empty box changes the last own message", async ({ person }) => {
  const { page, name } = await person("corrector");
  await openRoom(page);
  await say(page, `first ${name}`);
  await say(page, `secnod ${name}`);
  await isConfirmed(saying(page, `secnod ${name}`));
  await box(page).press("ArrowUp");
  const field = page.locator("article textarea");
  await expect(field).toBeFocused();
  await expect(field).toHaveValue(`secnod ${name}`);
  await field.press("Escape");
  await expect(field).toHaveCount(0);
  await box(page).fill("something");
  await box(page).press("ArrowUp");
  await expect(field).toHaveCount(0);
});

test("drafts are kept by room and by thread, over reloads, until they are sent", async ({ person, account }) => {
  const start = await (await account("starter")).post("a thread begins");
  const { page, name } = await person("drafter");
  const thread = `${ROOM_PATH}?thread=${start.id}`;
  const reply = page.locator("#reply");
  await open(page, thread);
  await reply.pressSequentially(`for the thread ${name}`);
  await page.locator("#message").pressSequentially(`for the room ${name}`);
  await page.reload();
  await ready(page);
  await expect(reply).toHaveValue(`for the thread ${name}`);
  await expect(page.locator("#message")).toHaveValue(`for the room ${name}`);
  await page.locator("#message").press("Enter");
  await expect(page.locator("#message")).toHaveValue("");
  await page.reload();
  await ready(page);
  await expect(page.locator("#message")).toHaveValue("");
  await expect(reply).toHaveValue(`for the thread ${name}`);
});

test("each room has its draft, and going from one to the other loses neither", async ({ person, account }) => {
  const { page, account: drafter } = await person("drafter");
  const dome = await group(await account("owner"), "Dome rota", [drafter]);
  await openRoom(page);
  await box(page).fill("for everybody");
  await goTo(page, dome);
  await expect(box(page)).toHaveValue("");
  await box(page).fill("for the dome");
  await goTo(page, ROOM);
  await expect(box(page)).toHaveValue("for everybody");
  await page.reload();
  await ready(page);
  await goTo(page, dome);
  await expect(box(page)).toHaveValue("for the dome");
});

test("how much still fits is said near the limit", async ({ person }) => {
  const { page } = await person("measurer");
  await openRoom(page);
  await box(page).fill("m".repeat(9_499));
  await expect(page.getByText("characters left")).toHaveCount(0);
  await box(page).fill("m".repeat(9_990));
  await expect(page.getByText("10 characters left.")).toBeVisible();
  await expect(box(page)).toHaveAccessibleDescription("10 characters left.");
  await box(page).fill("m".repeat(10_002));
  await expect(page.getByText("2 characters too many.")).toBeVisible();
});

test("the box grows with the text, to less than half of the page", async ({ person }) => {
  const { page } = await person("author");
  await openRoom(page);
  const height = async () => (await box(page).boundingBox())!.height;
  const one = await height();
  await box(page).fill(Array.from({ length: 5 }, (_, line) => `line ${line}`).join("\n"));
  expect(await height()).toBeGreaterThan(3 * one);
  await box(page).fill(Array.from({ length: 80 }, (_, line) => `line ${line}`).join("\n"));
  expect(await height()).toBeLessThanOrEqual(0.4 * 900 + 1);
  await box(page).fill("");
  expect(await height()).toBe(one);
});

test("a message that waits for the line is sent from another page of the tab", async ({ person, faults }) => {
  faults.expect(/console: (Failed to load resource: net::ERR_|WebSocket connection)/);
  const { page, name } = await person("mover");
  await openRoom(page);
  await page.route("**/api/messages/post", (route) => route.abort());
  await say(page, `from elsewhere ${name}`);
  await expect(saying(page, `from elsewhere ${name}`)).toHaveClass(/message--sending/);
  await page.getByRole("button", { name: `${name}, your account` }).click();
  await page.getByRole("link", { name: "Settings" }).click();
  await expect(page).toHaveURL(/\/profile\/settings$/);
  const answered = page.waitForResponse((answer) => answer.url().endsWith("/api/messages/post") && answer.ok());
  await page.unroute("**/api/messages/post");
  await answered;
  await expect(page).toHaveURL(/\/profile\/settings$/);
  await page.goto(ROOM_PATH);
  await ready(page);
  await isConfirmed(saying(page, `from elsewhere ${name}`));
});
