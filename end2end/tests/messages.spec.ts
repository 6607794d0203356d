import type { Page } from "@playwright/test";
import { BROKEN, CUT, REFUSED } from "../support/faults";
import { LOOKS, looksRight } from "../support/look";
import {
  body,
  choose,
  editBox,
  gone,
  menu,
  message,
  offered,
  openIn,
  openMenu,
  pane,
  postIn,
  reaction,
  two,
} from "../support/message";
import { box, isConfirmed, isSameDocument, mark, open, say, saying } from "../support/room";
import { group, pathOf } from "../support/rooms";
import { expect, test } from "../support/test";

const toast = (page: Page, words: string) => page.locator(".toast").filter({ hasText: words });

test("a message is changed in its place, for everybody, and the focus goes back to it", async ({ person }) => {
  const { ines, mei, room } = await two(person);
  const { id } = await postIn(mei.account, room, "teh first word");
  const own = message(mei.page, id);
  await mark(ines.page);
  await choose(mei.page, own, "Edit");
  await expect(editBox(mei.page)).toBeFocused();
  await expect(editBox(mei.page)).toHaveValue("teh first word");
  await editBox(mei.page).fill("the first word");
  await editBox(mei.page).press("Enter");
  await expect(editBox(mei.page)).toHaveCount(0);
  await expect(own).toBeFocused();
  for (const page of [mei.page, ines.page]) {
    await expect(body(message(page, id))).toHaveText("the first word");
    await expect(message(page, id)).toContainText("(edited)");
  }
  await isSameDocument(ines.page);
  await ines.page.reload();
  await expect(body(message(ines.page, id))).toHaveText("the first word");
});

test("Escape leaves a message as it was, and an unchanged one is not changed", async ({ person }) => {
  const { mei, room } = await two(person);
  const { id } = await postIn(mei.account, room, "as it was");
  const edits: string[] = [];
  mei.page.on("request", (request) => {
    if (request.url().endsWith("/api/messages/edit")) edits.push(request.url());
  });
  await choose(mei.page, message(mei.page, id), "Edit");
  await editBox(mei.page).fill("something else");
  await editBox(mei.page).press("Escape");
  await expect(body(message(mei.page, id))).toHaveText("as it was");
  await expect(message(mei.page, id)).toBeFocused();
  await choose(mei.page, message(mei.page, id), "Edit");
  await expect(editBox(mei.page)).toHaveValue("as it was");
  await editBox(mei.page).press("Enter");
  await expect(body(message(mei.page, id))).toHaveText("as it was");
  await expect(message(mei.page, id)).not.toContainText("(edited)");
  expect(edits).toEqual([]);
});

test("what was typed into a change stays when it is refused, cannot be sent, or its message is gone", async ({
  person,
  faults,
}) => {
  faults.expect(CUT, REFUSED, BROKEN);
  const { ines, mei, room } = await two(person);
  const { id } = await postIn(mei.account, room, "short");
  await choose(mei.page, message(mei.page, id), "Edit");
  const long = "m".repeat(10_001);
  await editBox(mei.page).fill(long);
  await editBox(mei.page).press("Enter");
  await expect(editBox(mei.page)).toHaveAttribute("aria-invalid", "true");
  await expect(editBox(mei.page)).toHaveAccessibleDescription(
    "A message has at most 10,000 characters. Shorten it, or send it in parts.",
  );
  await expect(editBox(mei.page)).toHaveValue(long);

  await editBox(mei.page).fill("a better word");
  await expect(editBox(mei.page)).not.toHaveAttribute("aria-invalid");
  await mei.context.setOffline(true);
  await editBox(mei.page).press("Enter");
  await expect(editBox(mei.page)).toHaveAccessibleDescription("No answer came. Check the connection and try again.");
  await expect(editBox(mei.page)).toHaveValue("a better word");
  await expect(editBox(mei.page)).toBeFocused();
  await mei.context.setOffline(false);

  await ines.account.call("/api/messages/delete", { message: id });
  await expect(gone(message(ines.page, id))).toBeVisible();
  await expect(editBox(mei.page)).toHaveValue("a better word");
  await expect(async () => {
    await editBox(mei.page).press("Enter");
    await expect(editBox(mei.page)).toHaveAccessibleDescription("It does not exist any more.", { timeout: 1_000 });
  }).toPass();
  await expect(editBox(mei.page)).toHaveValue("a better word");
  await editBox(mei.page).press("Escape");
  await expect(gone(message(mei.page, id))).toBeVisible();
});

test("what a message said before is shown to its author and to who looks after the room", async ({ person }) => {
  const { ines, mei, room } = await two(person);
  const stranger = await person("tomasz");
  await ines.account.call("/api/rooms/add", { room, people: stranger.name });
  const { id } = await postIn(mei.account, room, "first <b>text</b>");
  await mei.account.call("/api/messages/edit", { message: id, body: "second text" });
  await openIn(stranger.page, pathOf(room));
  for (const { page } of [mei, ines]) {
    await message(page, id).getByRole("link", { name: "(edited)" }).click();
    const dialog = page.getByRole("dialog", { name: "History" });
    await expect(dialog).toContainText("first <b>text</b>");
    await dialog.getByRole("button", { name: "Close" }).click();
    await expect(dialog).toBeHidden();
    expect(await offered(page, message(page, id))).toContain("History");
  }
  await expect(message(stranger.page, id)).toContainText("(edited)");
  await expect(message(stranger.page, id).getByRole("link", { name: "(edited)" })).toHaveCount(0);
  expect(await offered(stranger.page, message(stranger.page, id))).not.toContain("History");
});

test("a message is deleted at once, and is back by Undo", async ({ person }) => {
  const { ines, mei, room } = await two(person);
  const { id } = await postIn(mei.account, room, "a slip");
  await expect(body(message(ines.page, id))).toHaveText("a slip");
  await choose(mei.page, message(mei.page, id), "Delete");
  for (const page of [mei.page, ines.page]) {
    await expect(gone(message(page, id))).toBeVisible();
    await expect(message(page, id)).not.toContainText("a slip");
  }
  await toast(mei.page, "Message deleted").getByRole("button", { name: "Undo" }).click();
  for (const page of [mei.page, ines.page]) await expect(body(message(page, id))).toHaveText("a slip");
  await expect(message(mei.page, id)).toBeFocused();
});

test("nothing of a deleted message stays in a page that was open", async ({ person }) => {
  const { ines, mei, room } = await two(person);
  const { id } = await postIn(mei.account, room, "secret-word-1234");
  await expect(body(message(ines.page, id))).toHaveText("secret-word-1234");
  await mei.account.call("/api/messages/delete", { message: id });
  await expect(gone(message(ines.page, id))).toBeVisible();
  expect(await ines.page.content()).not.toContain("secret-word-1234");
  await ines.page.reload();
  expect(await ines.page.content()).not.toContain("secret-word-1234");
});

test("one changes what one has written, and who looks after the room deletes what others have", async ({ person }) => {
  const { ines, mei, room } = await two(person);
  const hers = await postIn(ines.account, room, "of ines");
  const mine = await postIn(mei.account, room, "of mei");
  const everybody = ["Reply", "Reply in thread", "Copy text", "Copy link", "Mark unread from here", "Pin", "Save"];
  expect(await offered(mei.page, message(mei.page, hers.id))).toEqual(everybody);
  expect((await offered(mei.page, message(mei.page, mine.id))).sort()).toEqual([...everybody, "Delete", "Edit"].sort());
  expect((await offered(ines.page, message(ines.page, mine.id))).sort()).toEqual([...everybody, "Delete"].sort());
});

test("a reaction is there at once, is counted, and is taken back by pressing it again", async ({ person }) => {
  const { ines, mei, room } = await two(person);
  const { id } = await postIn(ines.account, room, "who comes?");
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await mei.page.route("**/api/messages/react", async (route) => {
    await released;
    await route.continue();
  });
  await choose(mei.page, message(mei.page, id), "Thumbs up");
  await expect(reaction(message(mei.page, id), "Thumbs up")).toHaveAccessibleName("Thumbs up, 1, you too");
  await expect(reaction(message(ines.page, id), "Thumbs up")).toHaveCount(0);
  release();
  await expect(reaction(message(ines.page, id), "Thumbs up")).toHaveAccessibleName("Thumbs up, 1");
  await expect(reaction(message(ines.page, id), "Thumbs up")).toHaveAttribute("aria-pressed", "false");

  await reaction(message(ines.page, id), "Thumbs up").click();
  await expect(reaction(message(ines.page, id), "Thumbs up")).toHaveAttribute("aria-pressed", "true");
  await expect(reaction(message(mei.page, id), "Thumbs up")).toHaveAccessibleName("Thumbs up, 2, you too");
  await reaction(message(mei.page, id), "Thumbs up").click();
  await expect(reaction(message(mei.page, id), "Thumbs up")).toHaveAccessibleName("Thumbs up, 1");
  await reaction(message(ines.page, id), "Thumbs up").click();
  for (const page of [mei.page, ines.page]) {
    await expect(reaction(message(page, id), "Thumbs up")).toHaveCount(0);
  }
});

test("a reaction that the server does not take is taken back, and that is said", async ({ person, faults }) => {
  faults.expect(BROKEN);
  const { ines, mei, room } = await two(person);
  const { id } = await postIn(ines.account, room, "not now");
  await mei.page.route("**/api/messages/react", (route) =>
    route.fulfill({ status: 500, contentType: "application/json", body: JSON.stringify({ error: "internal" }) }),
  );
  await choose(mei.page, message(mei.page, id), "Heart");
  await expect(toast(mei.page, "The server could not do this.")).toBeVisible();
  await expect(message(mei.page, id).locator(".reactions")).toHaveCount(0);
});

test("pressing a reaction many times ends as it was pressed last", async ({ person }) => {
  const { ines, mei, room } = await two(person);
  const { id } = await postIn(ines.account, room, "press");
  await ines.account.call("/api/messages/react", { message: id, emoji: "👍", on: "true" });
  const pill = reaction(message(mei.page, id), "Thumbs up");
  for (let press = 1; press <= 5; press += 1) await pill.click();
  await expect(pill).toHaveAccessibleName("Thumbs up, 2, you too");
  await expect(reaction(message(ines.page, id), "Thumbs up")).toHaveAccessibleName("Thumbs up, 2, you too");
  await mei.page.reload();
  await expect(pill).toHaveAccessibleName("Thumbs up, 2, you too");
});

test("who gave a reaction is told to who points at it or has it in focus", async ({ person }) => {
  const { ines, mei, room } = await two(person);
  const { id } = await postIn(mei.account, room, "tell me");
  await ines.account.call("/api/messages/react", { message: id, emoji: "🎉", on: "true" });
  await mei.account.call("/api/messages/react", { message: id, emoji: "🎉", on: "true" });
  const pill = reaction(message(mei.page, id), "Party");
  await pill.hover();
  const tip = mei.page.getByRole("tooltip");
  await expect(tip).toContainText(ines.name);
  await expect(tip).toContainText(mei.name);
  await expect(pill).toHaveAccessibleDescription(new RegExp(ines.name));
  await mei.page.keyboard.press("Escape");
  await expect(tip).toBeHidden();
  await box(mei.page).hover();
  await pill.focus();
  await mei.page.keyboard.press("Shift");
  await expect(tip).toBeVisible();
});

test("an answer quotes what it answers, follows its changes, and leads to it", async ({ person }) => {
  const { ines, mei, room } = await two(person);
  const first = await postIn(ines.account, room, "Shall we go up tonight?");
  await choose(mei.page, message(mei.page, first.id), "Reply");
  await expect(box(mei.page)).toBeFocused();
  await say(mei.page, "Yes, at nine.");
  const answer = saying(ines.page, "Yes, at nine.");
  await isConfirmed(answer);
  const quote = answer.getByRole("link", { name: `Answers ${ines.name}: Shall we go up tonight?` });
  await expect(quote).toHaveAttribute("href", `${pathOf(room)}?at=${first.seq}`);
  await mark(ines.page);
  await quote.click();
  await expect(message(ines.page, first.id)).toBeInViewport();
  await isSameDocument(ines.page);
  await ines.account.call("/api/messages/edit", { message: first.id, body: "Shall we go up tomorrow?" });
  await expect(answer.locator(".quote")).toContainText("Shall we go up tomorrow?");
  await ines.account.call("/api/messages/delete", { message: first.id });
  await expect(answer.locator(".quote")).toHaveText("A message that is gone");
  await expect(answer.locator("a.quote")).toHaveCount(0);
});

test("pinned messages are marked, listed beside the room, and taken off", async ({ person }) => {
  const { ines, mei, room } = await two(person);
  const { id, seq } = await postIn(ines.account, room, "the key hangs behind the door");
  await choose(mei.page, message(mei.page, id), "Pin");
  for (const page of [mei.page, ines.page]) await expect(message(page, id)).toContainText("Pinned");
  await ines.page.getByRole("link", { name: "Pinned messages, 1" }).click();
  await expect(ines.page).toHaveURL(new RegExp(`${pathOf(room)}\\?pinned=1$`));
  const pins = pane(ines.page, "Pinned messages").getByRole("listitem");
  await expect(pins).toHaveCount(1);
  await expect(pins).toContainText("the key hangs behind the door");
  await expect(pins.getByRole("link", { name: "Show in the room" })).toHaveAttribute("href", `${pathOf(room)}?at=${seq}`);
  const second = await postIn(mei.account, room, "the bus leaves at seven");
  await mei.account.call("/api/messages/pin", { message: second.id, on: "true" });
  await expect(pins).toHaveCount(2);
  await pins.filter({ hasText: "the key" }).getByRole("button", { name: "Unpin" }).click();
  await expect(pins).toHaveCount(1);
  await expect(message(mei.page, id)).not.toContainText("Pinned");
  await pane(ines.page, "Pinned messages").getByRole("link", { name: "Close the pinned messages" }).click();
  await expect(pane(ines.page, "Pinned messages")).toHaveCount(0);
  await expect(ines.page).toHaveURL(new RegExp(`${pathOf(room)}$`));
});

test("saved messages are marked for oneself alone, in all tabs, and are found on a page of their own", async ({ person }) => {
  const { ines, mei, room } = await two(person);
  const { id, seq } = await postIn(ines.account, room, "twelve volts, two amperes");
  const tab = await mei.context.newPage();
  await openIn(tab, pathOf(room));
  await choose(mei.page, message(mei.page, id), "Save");
  for (const page of [mei.page, tab]) await expect(message(page, id)).toContainText("Saved");
  await expect(message(ines.page, id)).not.toContainText("Saved");
  await open(tab, "/chat/saved");
  const saved = tab.getByRole("list", { name: "Saved messages" }).getByRole("listitem");
  await expect(saved).toHaveCount(1);
  await expect(saved).toContainText("twelve volts, two amperes");
  await expect(saved.getByRole("link", { name: "Workshop" })).toHaveAttribute("href", pathOf(room));
  await expect(saved.getByRole("link", { name: "Show in the room" })).toHaveAttribute("href", `${pathOf(room)}?at=${seq}`);
  await saved.getByRole("button", { name: "Remove from saved" }).click();
  await expect(tab.getByText("Nothing is saved yet.")).toBeVisible();
  await expect(message(mei.page, id)).not.toContainText("Saved");
});

test("the text and the address of a message are copied", async ({ person, server }) => {
  const { ines, mei, room } = await two(person);
  await mei.context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: server.url });
  const { id, seq } = await postIn(ines.account, room, "**bold** and `code`");
  const clipboard = () => mei.page.evaluate(() => navigator.clipboard.readText());
  await choose(mei.page, message(mei.page, id), "Copy text");
  await expect.poll(clipboard).toBe("**bold** and `code`");
  await choose(mei.page, message(mei.page, id), "Copy link");
  await expect.poll(clipboard).toBe(`${server.url}${pathOf(room)}?at=${seq}`);
  await expect(message(mei.page, id).locator("a.message__time")).toHaveAttribute("href", `${pathOf(room)}?at=${seq}`);
  await open(mei.page, await clipboard());
  await expect(message(mei.page, id)).toBeInViewport();
});

test("a message is marked unread, and what follows stands below the line", async ({ person }) => {
  const { ines, mei, room } = await two(person);
  await postIn(ines.account, room, "read");
  const { id } = await postIn(ines.account, room, "not yet");
  await choose(mei.page, message(mei.page, id), "Mark unread from here");
  const line = mei.page.getByRole("separator", { name: "New messages" });
  await expect(line).toHaveText("New");
  expect(await line.evaluate((line) => line.nextElementSibling?.getAttribute("data-message-id"))).toBe(id);
});

test("the menu is a menu: arrows, Home and End lead through it, Escape closes it where one was", async ({ person }) => {
  const { mei, room } = await two(person);
  const { id } = await postIn(mei.account, room, "by keys");
  await message(mei.page, id).hover();
  const more = message(mei.page, id).getByRole("button", { name: "More actions" });
  await more.click();
  const items = menu(mei.page).getByRole("menuitem");
  await expect(items.first()).toBeFocused();
  await mei.page.keyboard.press("ArrowUp");
  await expect(items.last()).toBeFocused();
  await mei.page.keyboard.press("ArrowDown");
  await mei.page.keyboard.press("ArrowDown");
  await expect(items.nth(1)).toBeFocused();
  await mei.page.keyboard.press("End");
  await expect(menu(mei.page).getByRole("menuitem", { name: "Delete" })).toBeFocused();
  await mei.page.keyboard.press("Home");
  await expect(menu(mei.page).getByRole("menuitem", { name: "Thumbs up" })).toBeFocused();
  await mei.page.keyboard.press("Escape");
  await expect(menu(mei.page)).toBeHidden();
  await expect(more).toBeFocused();
  await more.click();
  await items.first().press("Enter");
  await expect(reaction(message(mei.page, id), "Thumbs up")).toHaveAttribute("aria-pressed", "true");
});

test("there is one bar and one menu, however many messages there are, and they go where one points", async ({ person }) => {
  const { ines, mei, room } = await two(person);
  const posted = [];
  for (let number = 1; number <= 20; number += 1) posted.push(await postIn(ines.account, room, `number ${number}`));
  await expect(message(mei.page, posted[19].id)).toBeVisible();
  for (const { id } of [posted[19], posted[17], posted[18]]) {
    await message(mei.page, id).hover();
    await expect(message(mei.page, id).getByRole("button", { name: "More actions" })).toBeVisible();
    await expect(mei.page.locator(".message__actions")).toHaveCount(1);
  }
  await ines.account.call("/api/messages/delete", { message: posted[18].id });
  await expect(gone(message(mei.page, posted[18].id))).toBeVisible();
  expect(await offered(mei.page, message(mei.page, posted[18].id))).toEqual(["Copy link", "Mark unread from here"]);
});

test("a finger that rests on a message opens its menu", async ({ person }) => {
  const mei = await person("mei", { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const room = await group(mei.account, "Workshop");
  const { id } = await postIn(mei.account, room, "under a finger");
  await openIn(mei.page, pathOf(room));
  const row = message(mei.page, id);
  const at = (await body(row).boundingBox())!;
  const point = { x: at.x + 20, y: at.y + at.height / 2 };
  const touch = await mei.context.newCDPSession(mei.page);
  await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [point] });
  await expect(row).toHaveClass(/message--active/);
  await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await expect(menu(mei.page)).toBeVisible();
  await expect(row).not.toHaveClass(/message--active/);
  await menu(mei.page).getByRole("menuitem", { name: "Heart" }).tap();
  await expect(reaction(row, "Heart")).toHaveAttribute("aria-pressed", "true");
});

test("a text has emphasis, code that is copied, lists, quotes, links that leave alone, and names", async ({ person, server }) => {
  const { ines, mei, room } = await two(person);
  await mei.context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: server.url });
  const text = [
    `**strong** *soft* ~~gone~~ \`code\` @${mei.name} #public-chat <https://example.org/?a=1&b=2>`,
    "",
    "> said before",
    "",
    "3. three",
    "4. four",
    "",
    "```rust",
    "fn main() {} // nothing",
    "```",
  ].join("\n");
  const { id } = await postIn(ines.account, room, text);
  const check = async () => {
    const row = message(mei.page, id);
    await expect(row.locator("strong")).toHaveText("strong");
    await expect(row.locator("em")).toHaveText("soft");
    await expect(row.locator("blockquote")).toHaveText("said before");
    await expect(row.locator("ol")).toHaveAttribute("start", "3");
    await expect(row.locator("pre .code__keyword").first()).toHaveText("fn");
    const link = row.getByRole("link", { name: /example\.org/ });
    await expect(link).toHaveAttribute("href", "https://example.org/?a=1&b=2");
    await expect(link).toHaveAttribute("rel", "noopener noreferrer nofollow");
    await expect(link).toHaveAttribute("target", "_blank");
    await expect(row.getByRole("link", { name: `@${mei.name}` })).toHaveClass(/mention--me/);
    await expect(row.getByRole("link", { name: "#Public chat" })).toHaveAttribute("href", "/chat/room/public-chat");
    await expect(row).toHaveClass(/message--mention/);
  };
  await check();
  await mei.page.reload();
  await check();
  await message(mei.page, id).getByRole("button", { name: "Copy", exact: true }).click();
  await expect.poll(() => mei.page.evaluate(() => navigator.clipboard.readText())).toContain("fn main() {} // nothing");
  await expect(message(ines.page, id)).not.toHaveClass(/message--mention/);
});

/** What would run if a text became anything but a text. */
const TRAPS = [
  "<script>window.caught = 1</script>",
  "<img src=x onerror=\"window.caught = 1\">",
  "\"><svg onload=\"window.caught = 1\">",
  "</textarea></p></article><script>window.caught = 1</script>",
  "[here](javascript:window.caught=1)",
  "[here](JaVaScRiPt:window.caught=1)",
  "[here](data:text/html,<script>window.caught=1</script>)",
  "<javascript:window.caught=1>",
  "[here](https://example.org/\"onmouseover=\"window.caught=1)",
  "![here](https://example.org/x.png\"onerror=\"window.caught=1)",
  "`<img src=x onerror=\"window.caught = 1\">`",
  "```html\n<script>window.caught = 1</script>\n```",
  "```\"><img/src=x/onerror=window.caught=1>\ncode\n```",
  "<a href=\"javascript:window.caught=1\">here</a>",
  "&lt;script&gt;window.caught = 1&lt;/script&gt;",
  "> <iframe srcdoc=\"<script>parent.caught = 1</script>\"></iframe>",
  "- <details open ontoggle=\"window.caught = 1\">",
  "@<b onclick=\"window.caught=1\">mei</b> #<i>room</i>",
  "<style>@import 'javascript:window.caught=1'</style>",
  "\u202e<script>window.caught = 1</script>",
];

/** Nothing of what was written runs, and nothing of it is more than text. The page itself has `forms` forms there. */
async function nothingRan(page: Page, forms = 0): Promise<void> {
  expect(await page.evaluate(() => "caught" in window)).toBe(false);
  const log = page.getByRole("log", { name: "Messages" });
  await expect(log.locator("script, iframe, object, embed, style, details, img:not([src^='/media/'])")).toHaveCount(0);
  await expect(log.locator("form")).toHaveCount(forms);
  const links = await log.locator("a").evaluateAll((all) => all.map((link) => link.getAttribute("href") ?? ""));
  expect(links.filter((href) => !/^(https?:|mailto:|\/(?!\/))/.test(href))).toEqual([]);
  const handlers = await log.locator("*").evaluateAll((all) =>
    all.flatMap((element) => element.getAttributeNames().filter((name) => name.startsWith("on"))),
  );
  expect(handlers).toEqual([]);
}

test("a list and a quote go in the direction of their first letter, with all that is in them", async ({ person }) => {
  const { ines, room } = await two(person);
  const text = "- שלום Telicat\n- Telicat עולם\n\n> מה שלומך\n\nplain";
  const { id } = await postIn(ines.account, room, text);
  const of = (tag: string) =>
    body(message(ines.page, id)).locator(tag).evaluateAll((all) => all.map((one) => getComputedStyle(one).direction));
  const expected = { ul: ["rtl"], li: ["rtl", "rtl"], blockquote: ["rtl"], "blockquote > p": ["rtl"], ":scope > p": ["ltr"] };
  const check = async () => {
    await expect(message(ines.page, id)).toBeVisible();
    for (const [tag, directions] of Object.entries(expected)) expect(await of(tag), tag).toEqual(directions);
  };
  await check();
  await openIn(ines.page, pathOf(room));
  await check();
});

test("no text runs: in the page, as it comes, when it is changed, and where it is quoted", async ({ person }) => {
  test.slow();
  const { ines, mei, room } = await two(person);
  for (const { page } of [ines, mei]) {
    page.on("dialog", (dialog) => {
      throw new Error(`a dialog opened: ${dialog.message()}`);
    });
  }
  const harmless = await postIn(ines.account, room, "harmless");
  for (const trap of TRAPS) {
    const { id } = await postIn(ines.account, room, trap);
    await ines.account.call("/api/messages/edit", { message: harmless.id, body: trap });
    await postIn(ines.account, room, "an answer", { reply_to: id });
  }
  const last = await postIn(ines.account, room, "the last");
  await expect(message(mei.page, last.id)).toBeVisible();
  await nothingRan(mei.page);
  await mei.page.reload();
  await expect(message(mei.page, last.id)).toBeVisible();
  await nothingRan(mei.page);
  await choose(ines.page, message(ines.page, harmless.id), "Edit");
  await expect(editBox(ines.page)).toHaveValue(TRAPS.at(-1)!);
  await nothingRan(ines.page, 1);
});

for (const { name: look, options } of LOOKS) {
  test(`everything about messages can be used by everybody: ${look}`, async ({ person }, info) => {
    const mei = await person("mei", options);
    const room = await group(mei.account, "Workshop");
    const first = await postIn(mei.account, room, "a **first** word, with `code`\n\n```rust\nfn main() {}\n```");
    await postIn(mei.account, room, `> quoted\n\n- a list\n\n@room https://example.org`, { reply_to: first.id });
    const gone = await postIn(mei.account, room, "gone");
    await mei.account.call("/api/messages/delete", { message: gone.id });
    const last = await postIn(mei.account, room, "the last");
    await mei.account.call("/api/messages/edit", { message: last.id, body: "the very last" });
    await mei.account.call("/api/messages/pin", { message: last.id, on: "true" });
    await mei.account.call("/api/messages/save", { message: last.id, on: "true" });
    for (const emoji of ["👍", "🪐", "❤️"]) {
      await mei.account.call("/api/messages/react", { message: last.id, emoji, on: "true" });
    }
    await openIn(mei.page, pathOf(room));
    await looksRight(mei.page, info, "messages");
    await openMenu(mei.page, message(mei.page, last.id));
    await looksRight(mei.page, info, "menu");
    await menu(mei.page).getByRole("menuitem", { name: "Edit" }).click();
    await expect(editBox(mei.page)).toBeFocused();
    await looksRight(mei.page, info, "edit");
    await editBox(mei.page).press("Escape");
    await message(mei.page, last.id).getByRole("link", { name: "(edited)" }).click();
    await expect(mei.page.getByRole("dialog", { name: "History" })).toContainText("the last");
    await looksRight(mei.page, info, "history");
    await mei.page.keyboard.press("Escape");
    await open(mei.page, `${pathOf(room)}?pinned=1`);
    await looksRight(mei.page, info, "pinned");
    await open(mei.page, `${pathOf(room)}?message=${last.id}`);
    await looksRight(mei.page, info, "actions without script");
    await open(mei.page, "/chat/saved");
    await looksRight(mei.page, info, "saved");
  });
}
