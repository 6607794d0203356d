import type { Locator, Page } from "@playwright/test";
import { CUT } from "../support/faults";
import { choose, message, openIn, postIn, replies, replyBox, roomBox, two } from "../support/message";
import { connection, cutOff, isConfirmed, listen, log, open, saying } from "../support/room";
import { direct, goTo, group, pathOf, row, rooms } from "../support/rooms";
import { expect, test } from "../support/test";

test.use({ alone: true });

// What stands here is read off the tree that a browser gives to a screen reader, and not off the page.

/** Whether a button says that what it opens is there. The browser knows that of popovers, without an attribute. */
async function isExpanded(page: Page, name: string): Promise<boolean | undefined> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  await session.detach();
  const button = nodes.find((node) => node.role?.value === "button" && node.name?.value === name);
  return button?.properties?.find((property) => property.name === "expanded")?.value.value;
}

test("a room is a page of few landmarks in the order in which one needs them, with one heading above all", async ({
  person,
}) => {
  const { mei } = await two(person);
  await expect(mei.page.locator("body")).toMatchAriaSnapshot(`
    - link "Skip to the message box"
    - banner:
      - button "${mei.name}, your account"
    - navigation "Rooms":
      - button /^Jump to a room/
      - heading "Rooms" [level=2]
      - link "New group"
      - list
      - heading "People" [level=2]
      - link "New direct chat"
      - list
    - main:
      - region "Conversation":
        - heading "Workshop 2 here" [level=1]
        - button "Jump to a date"
        - link "Pinned messages"
        - button "Favourite"
        - link "Members, 2"
        - button "Room menu"
        - status "Connection"
        - log "Messages"
        - textbox "Message"
        - button "Emoji"
        - button "Send"
  `);
  await expect(mei.page.getByRole("heading", { level: 1 })).toHaveCount(1);
  await expect(mei.page.getByRole("main")).toHaveCount(1);
  await mei.page.setViewportSize({ width: 390, height: 844 });
  await expect(mei.page.getByRole("heading", { level: 1 })).toHaveText(/^Workshop/);
  await mei.page.getByRole("link", { name: "All rooms" }).click();
  await expect(rooms(mei.page).getByRole("heading", { level: 1 })).toHaveText("Rooms");
  await expect(mei.page.getByRole("heading", { level: 1 })).toHaveCount(1);
});

test("each message says who wrote it, what, when, and what became of it", async ({ person }) => {
  const { ines, mei, room } = await two(person);
  const change = (person: typeof ines, verb: string, message: string, fields: Record<string, string> = {}) =>
    person.account.call(`/api/messages/${verb}`, { message, ...fields });
  const asked = await postIn(ines.account, room, "Who has the **key**?");
  await postIn(mei.account, room, "I have", { reply_to: asked.id });
  const slip = await postIn(ines.account, room, "a slip");
  const changed = await postIn(ines.account, room, "at eihgt");
  await postIn(ines.account, room, "in the thread", { root: asked.id });
  await change(ines, "delete", slip.id);
  await change(ines, "edit", changed.id, { body: "at eight" });
  await change(ines, "pin", changed.id, { on: "true" });
  await change(mei, "save", changed.id, { on: "true" });
  for (const one of [ines, mei]) await change(one, "react", changed.id, { emoji: "👍", on: "true" });
  await change(ines, "react", changed.id, { emoji: "🎉", on: "true" });
  await expect(message(mei.page, changed.id)).toContainText("Saved");
  const tree = `
    - heading /^Today, / [level=2]
    - article:
      - link "${ines.name}"
      - link /^\\d\\d:\\d\\d$/
      - paragraph:
        - text: Who has the
        - strong: key
        - text: "?"
      - link /^1 reply last at \\d\\d:\\d\\d/
    - article:
      - 'link "Answers ${ines.name}: Who has the key?"'
      - link "${mei.name}"
      - link /^\\d\\d:\\d\\d$/
      - paragraph: I have
    - article:
      - link "${ines.name}"
      - link /^\\d\\d:\\d\\d$/
      - paragraph: Message deleted
    - article:
      - link "${ines.name}"
      - link /^\\d\\d:\\d\\d$/
      - paragraph: at eight
      - paragraph: (edited) Pinned Saved
      - button "Thumbs up, 2, you too" [pressed]
      - button "Party, 1"
      - button "Add a reaction"
  `;
  await expect(log(mei.page)).toMatchAriaSnapshot(tree);
  await mei.page.reload();
  await expect(log(mei.page)).toMatchAriaSnapshot(tree);
});

test("the list of rooms says in words what stands out, and where one is", async ({ person }) => {
  const { ines, mei, room } = await two(person);
  const called = await group(ines.account, "Called", [mei.account]);
  const silent = await group(ines.account, "Silent", [mei.account]);
  const pair = await direct(ines.account, mei.account);
  await mei.account.call("/api/rooms/involve", { room: silent, involvement: "nothing", mute: "0" });
  await postIn(ines.account, silent, "psst");
  await postIn(ines.account, called, "one");
  await postIn(ines.account, called, `@${mei.name} two`);
  await postIn(ines.account, pair, "three");
  await expect(row(mei.page, room)).toHaveAccessibleName("Workshop");
  await expect(row(mei.page, room)).toHaveAttribute("aria-current", "page");
  await expect(row(mei.page, called)).toHaveAccessibleName("Called @1 mention, 2 unread");
  await expect(row(mei.page, silent)).toHaveAccessibleName("Silent, muted");
  await expect(row(mei.page, pair)).toHaveAccessibleName(`${ines.name}, here now 1 unread`);
});

test("what is new is below a line of that name", async ({ person }) => {
  const { ines, mei, room } = await two(person);
  await postIn(ines.account, room, "read");
  const { seq } = await postIn(mei.account, room, "so far");
  await postIn(ines.account, room, "not yet");
  await mei.account.call("/api/rooms/unread", { room, seq: String(seq + 1) });
  await open(mei.page, pathOf(room));
  await expect(log(mei.page)).toMatchAriaSnapshot(`
    - article:
      - paragraph: so far
    - separator "New messages": New
    - article:
      - paragraph: not yet
  `);
});

test("a cut line is told without its countdown, and who writes is there to be read", async ({ person, faults }) => {
  faults.expect(CUT);
  const { ines, mei } = await two(person);
  await roomBox(ines.page).pressSequentially("I am");
  await expect(mei.page.getByRole("region", { name: "Conversation" })).toMatchAriaSnapshot(`
    - log "Messages"
    - text: ${ines.name} is typing
    - textbox "Message"
  `);
  await cutOff(mei.page);
  await expect(connection(mei.page)).toMatchAriaSnapshot(`
    - status "Connection":
      - /children: equal
      - text: Not connected.
      - button "Try now"
  `);
});

test("what opens has a name, and gives the focus back where it was taken", async ({ person }) => {
  const { ines, mei, room } = await two(person);
  const { id } = await postIn(mei.account, room, "first");
  await mei.account.call("/api/messages/edit", { message: id, body: "second" });
  await postIn(ines.account, room, "a reply", { root: id });
  const { page } = mei;
  const edited = message(page, id).getByRole("link", { name: "(edited)" });
  const dialogs: [control: Locator, name: string][] = [
    [page.getByRole("button", { name: /^Jump to a room/ }), "Jump to a room"],
    [page.getByRole("button", { name: "Emoji", exact: true }), "Emoji"],
    [edited, "History"],
  ];
  for (const [control, name] of dialogs) {
    await control.focus();
    await page.keyboard.press("Enter");
    const shown = page.getByRole("dialog", { name, exact: true });
    await expect(shown).toBeVisible();
    expect(await shown.evaluate((element) => element.contains(document.activeElement)), `${name} has the focus`).toBe(true);
    await page.keyboard.press("Escape");
    await expect(shown).toBeHidden();
    await expect(control).toBeFocused();
  }
  for (const name of ["Room menu", `${mei.name}, your account`, "Jump to a date"]) {
    const control = page.getByRole("button", { name });
    await control.focus();
    for (const [key, expanded] of [["Enter", true], ["Escape", false]] as const) {
      await page.keyboard.press(key);
      await expect.poll(() => isExpanded(page, name), { message: `${name} after ${key}` }).toBe(expanded);
    }
    await expect(control).toBeFocused();
  }
  await message(page, id).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menu", { name: "Message actions" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(message(page, id)).toBeFocused();
});

test("each new message is read out once, wherever one was before, and nothing else is", async ({ person }) => {
  const { ines, mei, room } = await two(person);
  const other = await group(ines.account, "Other", [mei.account]);
  const root = await postIn(ines.account, room, "the first of a thread");
  const { page } = mei;
  const said = await listen(page);
  await openIn(page, pathOf(room));
  const expected: string[] = [];
  const hears = async (text: string) => {
    expected.push(`${ines.name}: ${text}`);
    await expect.poll(said).toEqual(expected);
  };
  await test.step("from room to room and back", async () => {
    for (const slug of [other, room, other, room]) await goTo(page, slug);
    const { id } = await postIn(ines.account, room, "yes");
    await hears("yes");
    await postIn(ines.account, room, "yes");
    await hears("yes");
    await ines.account.call("/api/messages/react", { message: id, emoji: "👍", on: "true" });
    await ines.account.call("/api/messages/edit", { message: id, body: "perhaps" });
    await ines.account.call("/api/messages/delete", { message: id });
    await postIn(ines.account, other, "elsewhere");
    await postIn(mei.account, room, "from another device of mine");
    await postIn(ines.account, room, "not in this room", { root: root.id });
    await expect(row(page, other)).toHaveAccessibleName("Other 1 unread");
    await expect(message(page, root.id).getByRole("link", { name: /^1 reply/ })).toBeVisible();
    await isConfirmed(saying(page, "from another device of mine"));
    await postIn(ines.account, room, "after all that");
    await hears("after all that");
  });
  await test.step("with a thread beside it", async () => {
    await choose(page, message(page, root.id), "Reply in thread");
    await expect(replies(page)).toHaveCount(2);
    await postIn(ines.account, room, "in the thread", { root: root.id });
    await hears("in the thread");
    await postIn(ines.account, room, "in the room");
    await hears("in the room");
    await replyBox(page).fill("my own reply");
    await replyBox(page).press("Enter");
    await expect(replies(page)).toHaveCount(4);
    await postIn(ines.account, room, "the last");
    await hears("the last");
  });
});

test("what was missed is summed up", async ({ person, faults }) => {
  faults.expect(CUT);
  const { ines, mei, room } = await two(person);
  const said = await listen(mei.page);
  await openIn(mei.page, pathOf(room));
  await cutOff(mei.page);
  for (let number = 1; number <= 12; number += 1) await postIn(ines.account, room, `missed ${number}`);
  await mei.context.setOffline(false);
  await expect(saying(mei.page, "missed 12")).toBeVisible({ timeout: 30_000 });
  await expect.poll(said).toEqual(["12 new messages"]);
});

test("a message that has the focus is called by its author, its time and what it says", async ({ person }) => {
  const { ines, mei, room } = await two(person);
  const { id } = await postIn(ines.account, room, "Clouds should break at nine.");
  await message(mei.page, id).focus();
  await expect(message(mei.page, id)).toHaveAccessibleName(
    new RegExp(`^${ines.name},? \\d\\d:\\d\\d,? Clouds should break at nine\\.`),
  );
});
