import type { Page } from "@playwright/test";
import { REFUSED } from "../support/faults";
import { looksRightEverywhere } from "../support/look";
import { box, mark, isSameDocument, open, ready, say, saying } from "../support/room";
import { expect, test } from "../support/test";

const ROOM_URL = /\/chat\/room\/[a-z0-9-]+$/;

/** Begins a group, and is in it. Returns its address. */
async function beginGroup(page: Page, name: string): Promise<string> {
  await open(page, "/chat/new");
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("button", { name: "Create group" }).click();
  await expect(page).toHaveURL(ROOM_URL);
  await ready(page);
  return new URL(page.url()).pathname;
}

/** Presses a button of a form that leads to a page of its own, and waits for that page. */
async function submit(page: Page, name: string | RegExp, notice: string): Promise<void> {
  await page.getByRole("button", { name }).click();
  await expect(page.getByRole("status").filter({ hasText: notice })).toBeVisible();
  await ready(page);
}

/** The room that was open is no longer there for the reader: the page says so, and shows another one. */
async function isLedOut(page: Page): Promise<void> {
  await expect(page.getByRole("alert").filter({ hasText: "This room is no longer open to you." })).toBeVisible();
  await expect(page).toHaveURL(/\/chat\/room\/public-chat$/);
}

test("two people: a group, its link, talk as it happens, and the end of it", async ({ person, faults }, info) => {
  info.setTimeout(180_000);
  faults.expect(REFUSED);
  const mei = await person("mei");
  const ines = await person("ines");

  // A mistake first: nothing typed is lost.
  await open(mei.page, "/chat/new");
  await looksRightEverywhere(mei.page, info, "new-conversation");
  await mei.page.getByLabel("Topic").fill("clear nights");
  await mei.page.getByRole("button", { name: "Create group" }).click();
  await expect(mei.page.getByLabel("Name", { exact: true })).toBeFocused();
  await expect(mei.page.getByLabel("Name", { exact: true })).toHaveAccessibleDescription("Type a name.");
  await expect(mei.page.getByLabel("Topic")).toHaveValue("clear nights");
  await mei.page.getByLabel("Name", { exact: true }).fill("Moon watch");
  await mei.page.getByRole("button", { name: "Create group" }).click();
  await expect(mei.page).toHaveURL(ROOM_URL);
  await ready(mei.page);
  const room = new URL(mei.page.url()).pathname;

  // An empty group shows its link.
  await expect(mei.page.getByRole("heading", { name: "It is quiet here. You are the only one." })).toBeVisible();
  const link = new URL(await mei.page.getByLabel("Invite link").inputValue()).pathname;
  await looksRightEverywhere(mei.page, info, "empty-group");

  // Looking lets nobody in; the button does.
  await open(ines.page, link);
  await expect(ines.page.getByRole("heading", { level: 1 })).toHaveText("Moon watch");
  await expect(ines.page.getByText("a room with 1 member.")).toBeVisible();
  await looksRightEverywhere(ines.page, info, "join");
  expect((await ines.page.request.get(room)).status()).toBe(404);
  await ines.page.getByRole("button", { name: "Join" }).click();
  await expect(ines.page).toHaveURL(new RegExp(`${room}$`));
  await ready(ines.page);

  // Both hear each other at once, Mei without having loaded anything anew.
  await mark(mei.page);
  await say(ines.page, "good evening");
  await expect(saying(mei.page, "good evening")).toBeVisible();
  await say(mei.page, "clear sky at nine");
  await expect(saying(ines.page, "clear sky at nine")).toBeVisible();
  await isSameDocument(mei.page);

  // The same link again just leads in.
  await open(ines.page, link);
  await expect(ines.page).toHaveURL(new RegExp(`${room}$`));

  // Removed: the page says so at once and leads elsewhere, and the link lets nobody in who was removed.
  await ready(ines.page);
  await mark(ines.page);
  await open(mei.page, `${room}/settings`);
  await looksRightEverywhere(mei.page, info, "room-settings");
  await submit(mei.page, `Remove ${ines.name}`, "The person is removed.");
  await isLedOut(ines.page);
  await isSameDocument(ines.page);
  await open(mei.page, room);
  await say(mei.page, "not for everybody");
  await expect(saying(ines.page, "not for everybody")).toHaveCount(0);
  expect((await ines.page.goto(room))?.status()).toBe(404);
  expect((await ines.page.goto(link))?.status()).toBe(410);
  await expect(ines.page.getByRole("heading", { level: 1 })).toHaveText("This link lets nobody in");

  // Invited again, and handed over.
  await open(mei.page, `${room}/settings`);
  await mei.page.getByLabel("Add people").fill("nobody-of-that-name");
  await mei.page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(mei.page.getByLabel("Add people")).toBeFocused();
  await expect(mei.page.getByLabel("Add people")).toHaveAccessibleDescription(
    "There is nobody called nobody-of-that-name.",
  );
  await mei.page.getByLabel("Add people").fill(`@${ines.name}`);
  await submit(mei.page, /^Add$/, "They are in the room now.");
  await mei.page.getByRole("button", { name: "Leave the room" }).click();
  await expect(mei.page.getByText("You are the only owner of this room. Make somebody else an owner first.")).toBeVisible();
  await mei.page.getByLabel(`Role of ${ines.name}`).selectOption("Owner");
  await submit(mei.page, `Set role ${ines.name}`, "The role is changed.");
  await submit(mei.page, "Leave the room", "You have left the room.");
  expect((await mei.page.goto(room))?.status()).toBe(404);

  // The new owner ends it, by its name.
  await open(ines.page, `${room}/settings`);
  await ines.page.getByLabel("Type the name of the room").fill("Moon");
  await ines.page.getByRole("button", { name: "Delete the room" }).click();
  await expect(ines.page.getByLabel("Type the name of the room")).toHaveAccessibleDescription(
    "This is not the name of the room.",
  );
  await ines.page.getByLabel("Type the name of the room").fill("Moon watch");
  await submit(ines.page, "Delete the room", "The room is deleted.");
  expect((await ines.page.goto(room))?.status()).toBe(404);
});

test("who is brought in sees the group at once, and who is in it when it ends is told", async ({ person, faults }) => {
  faults.expect(REFUSED);
  const mei = await person("mei");
  const ines = await person("ines");
  const room = await beginGroup(mei.page, "Dome rota");
  await open(mei.page, `${room}/settings`);
  await mei.page.getByLabel("Add people").fill(ines.name);
  await submit(mei.page, /^Add$/, "They are in the room now.");
  await open(ines.page, room);
  await say(ines.page, "here");
  await expect(saying(ines.page, "here")).toHaveAttribute("data-seq", /\d/);
  await mei.page.getByLabel("Type the name of the room").fill("Dome rota");
  await submit(mei.page, "Delete the room", "The room is deleted.");
  await isLedOut(ines.page);
});

test("from a profile to the room of the two, which there is once", async ({ person, account, faults }) => {
  faults.expect(REFUSED);
  const mei = await person("mei");
  const ines = await account("ines");
  await open(mei.page, `/@${ines.name}`);
  await mei.page.getByRole("link", { name: `Chat with ${ines.name}` }).click();
  await expect(mei.page).toHaveURL(new RegExp(`/chat/with/${ines.name}$`));
  await mei.page.getByRole("button", { name: "Start the conversation" }).click();
  await expect(mei.page).toHaveURL(ROOM_URL);
  await expect(mei.page.getByRole("heading", { level: 1, name: ines.name })).toBeVisible();
  const room = mei.page.url();
  await open(mei.page, "/chat/new");
  await mei.page.getByLabel("People").fill(mei.name);
  await mei.page.getByRole("button", { name: "Start the conversation" }).click();
  await expect(mei.page.getByLabel("People")).toHaveAccessibleDescription("This is you. Name somebody else.");
  await mei.page.getByLabel("People").fill(ines.name);
  await mei.page.getByRole("button", { name: "Start the conversation" }).click();
  await expect(mei.page).toHaveURL(room);
  await open(mei.page, `/chat/with/${ines.name}`);
  await expect(mei.page).toHaveURL(room);
});

test("an archived room is read and not written in", async ({ person }, info) => {
  info.setTimeout(90_000);
  const { page } = await person("mei");
  const room = await beginGroup(page, "Old rota");
  await say(page, "the last word");
  await expect(saying(page, "the last word")).toHaveAttribute("data-seq", /\d/);
  await open(page, `${room}/settings`);
  await submit(page, "Archive the room", "The room is archived.");
  await open(page, room);
  await expect(saying(page, "the last word")).toBeVisible();
  await expect(box(page)).toHaveCount(0);
  await expect(page.getByRole("link", { name: "Skip to the messages" })).toHaveAttribute("href", "#messages");
  await looksRightEverywhere(page, info, "archived");
  await open(page, `${room}/settings`);
  await submit(page, "Open it again", "The room is open again.");
  await open(page, room);
  await expect(box(page)).toBeVisible();
});

test("a link is renewed with terms, copied, and ended", async ({ person, faults }) => {
  faults.expect(REFUSED);
  const { page } = await person("mei", { permissions: ["clipboard-read", "clipboard-write"] });
  const room = await beginGroup(page, "Mirror grinding");
  await open(page, `${room}/settings`);
  const field = page.getByLabel("Invite link");
  const first = await field.inputValue();
  await page.getByLabel("Days until it expires").fill("366");
  await page.getByRole("button", { name: "Make a new link" }).click();
  await expect(page.getByLabel("Days until it expires")).toHaveAccessibleDescription("Type a number from 1 to 365.");
  await page.getByLabel("Days until it expires").fill("");
  await page.getByLabel("Number of people").fill("1");
  await submit(page, "Make a new link", "There is a new link.");
  await expect(field).not.toHaveValue(first);
  await expect(field).toHaveAccessibleDescription("Works, for 1 person.");
  await page.getByRole("button", { name: "Copy link" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Copied." })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await field.inputValue());
  await submit(page, "End the link", "The link works no more.");
  await expect(field).toHaveCount(0);
  await expect(page.getByText("There is no link at the moment.")).toBeVisible();
});
