import type { Page } from "@playwright/test";
import { body, gone, message, pane, postIn, replies, replyBox } from "../support/message";
import { box, messages } from "../support/room";
import { group, pathOf } from "../support/rooms";
import { expect, test } from "../support/test";

/** Opens what can be done with a message. */
async function actions(page: Page, room: string, id: string): Promise<ReturnType<typeof pane>> {
  await page.goto(pathOf(room));
  await message(page, id).getByRole("link", { name: "More actions" }).click();
  await expect(page).toHaveURL(new RegExp(`${pathOf(room)}\\?message=${id}$`));
  return pane(page, "Message actions");
}

test("without script a message is changed, and what was refused comes back", async ({ person, account }) => {
  const mei = await person("mei");
  const room = await group(mei.account, "Workshop", [await account("ines")]);
  const { id } = await postIn(mei.account, room, "teh <first> & word");
  const panel = await actions(mei.page, room, id);
  const text = panel.getByRole("textbox", { name: "Edit message" });
  await expect(text).toHaveValue("teh <first> & word");
  const long = `</textarea>${"m".repeat(10_001)}`;
  await text.fill(long);
  await panel.getByRole("button", { name: "Save changes" }).click();
  await expect(mei.page).toHaveURL(new RegExp(`\\?message=${id}$`));
  await expect(text).toHaveAttribute("aria-invalid", "true");
  await expect(text).toHaveAccessibleDescription(
    "A message has at most 10,000 characters. Shorten it, or send it in parts.",
  );
  await expect(text).toHaveValue(long);
  await text.fill("the first word");
  await panel.getByRole("button", { name: "Save changes" }).click();
  await expect(body(message(mei.page, id))).toHaveText("the first word");
  await expect(message(mei.page, id)).toContainText("(edited)");
  await expect(panel).toContainText("teh <first> & word");
  await panel.getByRole("link", { name: "Close the actions" }).click();
  await expect(mei.page).toHaveURL(new RegExp(`${pathOf(room)}$`));
});

test("without script a message is deleted and restored", async ({ person }) => {
  const mei = await person("mei");
  const room = await group(mei.account, "Workshop");
  const { id } = await postIn(mei.account, room, "a slip");
  const panel = await actions(mei.page, room, id);
  await panel.getByRole("button", { name: "Delete" }).click();
  await expect(gone(message(mei.page, id))).toBeVisible();
  await panel.getByRole("button", { name: "Restore" }).click();
  await expect(body(message(mei.page, id))).toHaveText("a slip");
});

test("without script a message is reacted to, pinned, saved and left unread", async ({ person, account }) => {
  const mei = await person("mei");
  const ines = await account("ines");
  const room = await group(mei.account, "Workshop", [ines]);
  const { id } = await postIn(ines, room, "do with me what you want");
  const panel = await actions(mei.page, room, id);
  await panel.getByRole("button", { name: "Thumbs up" }).click();
  const pill = message(mei.page, id).locator(".reactions").getByRole("button", { name: "Thumbs up, 1, you too" });
  await expect(pill).toBeVisible();
  await panel.getByRole("button", { name: "Thumbs up" }).click();
  await expect(pill).toHaveCount(0);

  await panel.getByRole("button", { name: "Pin", exact: true }).click();
  await expect(message(mei.page, id)).toContainText("Pinned");
  await panel.getByRole("button", { name: "Save", exact: true }).click();
  await expect(message(mei.page, id)).toContainText("Saved");
  await panel.getByRole("button", { name: "Mark unread from here" }).click();
  await expect(mei.page.getByRole("separator", { name: "New messages" })).toBeVisible();

  await mei.page.goto(`${pathOf(room)}?pinned=1`);
  const pins = pane(mei.page, "Pinned messages").getByRole("listitem");
  await expect(pins).toContainText("do with me what you want");
  await pins.getByRole("button", { name: "Unpin" }).click();
  await expect(mei.page.getByText("Nothing is pinned here.")).toBeVisible();

  await mei.page.goto("/chat/saved");
  await expect(mei.page.getByRole("list", { name: "Saved messages" })).toContainText("do with me what you want");
  await mei.page.getByRole("button", { name: "Remove from saved" }).click();
  await expect(mei.page.getByText("Nothing is saved yet.")).toBeVisible();
});

test("of others one has no form that would be refused", async ({ person, account }) => {
  const mei = await person("mei");
  const ines = await account("ines");
  const room = await group(ines, "Workshop", [mei.account]);
  const { id } = await postIn(ines, room, "hers");
  const panel = await actions(mei.page, room, id);
  await expect(panel.getByRole("button", { name: "Thumbs up" })).toBeVisible();
  await expect(panel.getByRole("button", { name: "Delete" })).toHaveCount(0);
  await expect(panel.getByRole("textbox", { name: "Edit message" })).toHaveCount(0);
});

test("without script one answers a message, and replies in its thread", async ({ person, account }) => {
  const mei = await person("mei");
  const ines = await account("ines");
  const room = await group(mei.account, "Workshop", [ines]);
  const { id } = await postIn(ines, room, "Shall we go up?");
  await (await actions(mei.page, room, id)).getByRole("link", { name: "Reply", exact: true }).click();
  await expect(mei.page).toHaveURL(new RegExp(`\\?reply=${id}$`));
  await box(mei.page).fill("Yes, at nine.");
  await mei.page.getByRole("button", { name: "Send" }).click();
  const answer = messages(mei.page).filter({ hasText: "Yes, at nine." });
  await expect(answer.locator(".quote")).toContainText("Shall we go up?");

  await (await actions(mei.page, room, id)).getByRole("link", { name: "Reply in thread" }).click();
  await expect(pane(mei.page, "Thread")).toContainText("No replies yet");
  await replyBox(mei.page).fill("In the thread.");
  await pane(mei.page, "Thread").getByRole("button", { name: "Send" }).click();
  await expect(mei.page).toHaveURL(new RegExp(`\\?thread=${id}$`));
  await expect(replies(mei.page)).toHaveText([/Shall we go up\?/, /In the thread\./]);
  await expect(message(mei.page, id).getByRole("link", { name: /^1 reply/ })).toHaveAttribute(
    "href",
    `${pathOf(room)}?thread=${id}`,
  );
  await pane(mei.page, "Thread").getByRole("button", { name: "Unfollow" }).click();
  await expect(pane(mei.page, "Thread").getByRole("button", { name: "Follow", exact: true })).toBeVisible();
  await pane(mei.page, "Thread").getByRole("link", { name: "Close the thread" }).click();
  await expect(messages(mei.page).filter({ hasText: "In the thread." })).toHaveCount(0);
});

test("without script older replies of a thread have an address", async ({ person, account }) => {
  test.slow();
  const mei = await person("mei");
  const ines = await account("ines");
  const room = await group(mei.account, "Workshop", [ines]);
  const root = await postIn(ines, room, "count");
  for (let number = 1; number <= 60; number += 1) await postIn(ines, room, `reply ${number}`, { root: root.id });
  await mei.page.goto(`${pathOf(room)}?thread=${root.id}`);
  await expect(replies(mei.page).last()).toContainText("reply 60");
  await mei.page.getByRole("link", { name: "Show older replies" }).click();
  await expect(replies(mei.page).nth(1)).toContainText("reply 1");
  await expect(mei.page.getByRole("link", { name: "Show older replies" })).toHaveCount(0);
  await replies(mei.page).nth(3).getByRole("link", { name: "More actions" }).click();
  await expect(pane(mei.page, "Message actions")).toContainText("reply 3");
});
