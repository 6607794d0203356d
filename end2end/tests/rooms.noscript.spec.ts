import type { Page } from "@playwright/test";
import { REFUSED } from "../support/faults";
import { saying } from "../support/room";
import { expect, test } from "../support/test";

const ROOM_URL = /\/chat\/room\/[a-z0-9-]+$/;

async function notice(page: Page, text: string): Promise<void> {
  await expect(page.getByRole("status").filter({ hasText: text })).toBeVisible();
}

test("a group, its link, its members and its end need no script", async ({ person, faults }) => {
  faults.expect(REFUSED);
  const mei = await person("mei");
  const ines = await person("ines");

  await mei.page.goto("/chat/new");
  await mei.page.getByLabel("Topic").fill("clear nights");
  await mei.page.getByRole("button", { name: "Create group" }).click();
  await expect(mei.page.getByLabel("Name", { exact: true })).toHaveAccessibleDescription("Type a name.");
  await expect(mei.page.getByLabel("Topic")).toHaveValue("clear nights");
  await mei.page.getByLabel("Name", { exact: true }).fill("Moon watch");
  await mei.page.getByRole("button", { name: "Create group" }).click();
  await expect(mei.page).toHaveURL(ROOM_URL);
  const room = new URL(mei.page.url()).pathname;
  const link = new URL(await mei.page.getByLabel("Invite link").inputValue()).pathname;

  await ines.page.goto(link);
  await ines.page.getByRole("button", { name: "Join" }).click();
  await expect(ines.page).toHaveURL(new RegExp(`${room}$`));
  await ines.page.getByRole("textbox", { name: "Message", exact: true }).fill("good evening");
  await ines.page.getByRole("button", { name: "Send" }).click();
  await mei.page.reload();
  await expect(saying(mei.page, "good evening")).toBeVisible();

  await mei.page.goto(`${room}/settings`);
  await mei.page.getByRole("button", { name: "Leave the room" }).click();
  await expect(mei.page.getByText("You are the only owner of this room.")).toBeVisible();
  await mei.page.getByLabel("Name", { exact: true }).fill("Sun watch");
  await mei.page.getByRole("button", { name: "Save" }).click();
  await notice(mei.page, "Saved.");
  await mei.page.getByRole("button", { name: `Remove ${ines.name}` }).click();
  await notice(mei.page, "The person is removed.");
  expect((await ines.page.goto(room))?.status()).toBe(404);
  expect((await ines.page.goto(link))?.status()).toBe(410);

  await mei.page.getByLabel("Add people").fill("nobody-of-that-name");
  await mei.page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(mei.page.getByLabel("Add people")).toHaveAccessibleDescription(
    "There is nobody called nobody-of-that-name.",
  );
  await mei.page.getByLabel("Add people").fill(ines.name);
  await mei.page.getByRole("button", { name: "Add", exact: true }).click();
  await notice(mei.page, "They are in the room now.");
  await mei.page.getByLabel(`Role of ${ines.name}`).selectOption("Owner");
  await mei.page.getByRole("button", { name: `Set role ${ines.name}` }).click();
  await notice(mei.page, "The role is changed.");
  await mei.page.getByRole("button", { name: "Leave the room" }).click();
  await notice(mei.page, "You have left the room.");

  await ines.page.goto(`${room}/settings`);
  await ines.page.getByRole("button", { name: "Archive the room" }).click();
  await notice(ines.page, "The room is archived.");
  await ines.page.getByRole("button", { name: "Open it again" }).click();
  await notice(ines.page, "The room is open again.");
  await ines.page.getByLabel("Type the name of the room").fill("Sun watch");
  await ines.page.getByRole("button", { name: "Delete the room" }).click();
  await notice(ines.page, "The room is deleted.");
  expect((await ines.page.goto(room))?.status()).toBe(404);
});

test("a direct room is begun by a button, and once", async ({ person, account, faults }) => {
  faults.expect(REFUSED);
  const { page } = await person("mei");
  const ines = await account("ines");
  await page.goto(`/@${ines.name}`);
  await page.getByRole("link", { name: `Chat with ${ines.name}` }).click();
  await page.getByRole("button", { name: "Start the conversation" }).click();
  await expect(page).toHaveURL(ROOM_URL);
  const room = page.url();
  await page.goto(`/chat/with/${ines.name}`);
  expect(page.url()).toBe(room);
  expect((await page.goto("/chat/with/nobody-of-that-name"))?.status()).toBe(404);
});
