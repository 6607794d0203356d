import type { Page } from "@playwright/test";
import { CUT } from "../support/faults";
import { LOOKS, looksRight } from "../support/look";
import { body, choose, gone, message, openIn, pane, postIn, replies, replyBox, roomBox, two } from "../support/message";
import { cutOff, isConfirmed, isSameDocument, mark, messages, open } from "../support/room";
import { group, pathOf } from "../support/rooms";
import { expect, test } from "../support/test";

const thread = (page: Page) => pane(page, "Thread");

async function reply(page: Page, text: string): Promise<void> {
  await replyBox(page).fill(text);
  await replyBox(page).press("Enter");
}

test("a thread is opened beside the room, and what is said in it stands there and nowhere else", async ({ person }) => {
  const { ines, mei, room } = await two(person);
  const root = await postIn(ines.account, room, "The bus leaves at half past seven.");
  await mark(mei.page);
  await choose(mei.page, message(mei.page, root.id), "Reply in thread");
  await expect(mei.page).toHaveURL(new RegExp(`${pathOf(room)}\\?thread=${root.id}$`));
  await expect(thread(mei.page)).toContainText("No replies yet");
  await expect(replies(mei.page)).toHaveText([/The bus leaves at half past seven\./]);
  await expect(replyBox(mei.page)).toBeFocused();
  await reply(mei.page, "One seat for me.");
  await expect(replies(mei.page)).toHaveCount(2);
  await expect(thread(mei.page)).toContainText("1 reply");
  await expect(replyBox(mei.page)).toHaveValue("");

  const row = message(ines.page, root.id).getByRole("link", { name: /^1 reply/ });
  await expect(row).toContainText("1 new");
  await row.click();
  await expect(replies(ines.page)).toHaveCount(2);
  await expect(message(ines.page, root.id).locator(".thread-link")).not.toContainText("new");
  await reply(ines.page, "It is yours.");
  await expect(replies(mei.page)).toHaveCount(3);
  for (const page of [ines.page, mei.page]) {
    await expect(messages(page).filter({ hasText: "One seat for me." })).toHaveCount(0);
    await expect(message(page, root.id).getByRole("link", { name: /^2 replies/ })).toBeVisible();
  }
  await isSameDocument(mei.page);
});

test("of a thread one sees when it was written in last, by time or by day", async ({ person }) => {
  const { mei, ines, room } = await two(person);
  const root = await postIn(ines.account, room, "Who has the key?");
  await postIn(ines.account, room, "Found it.", { root: root.id });
  const link = message(mei.page, root.id).locator(".thread-link");
  await openIn(mei.page, pathOf(room));
  await expect(link).toHaveText(/last at \d\d:\d\d/);
  await mei.page.clock.setFixedTime(Date.now() + 3 * 24 * 3_600_000);
  await openIn(mei.page, pathOf(room));
  await expect(link).toHaveText(/last on (Mon|Tue|Wed|Thu|Fri|Sat|Sun)/);
  await mei.page.clock.setFixedTime(Date.now() + 30 * 24 * 3_600_000);
  await openIn(mei.page, pathOf(room));
  await expect(link).toHaveText(/last on \d{1,2} [A-Z][a-z]{2}/);
});

test("going back closes a thread, closing it gives the focus back, and its address opens it again", async ({ person }) => {
  const { ines, mei, room } = await two(person);
  const root = await postIn(ines.account, room, "who is up?");
  await postIn(ines.account, room, "I am", { root: root.id });
  const row = message(mei.page, root.id).getByRole("link", { name: /^1 reply/ });
  await row.click();
  await expect(thread(mei.page)).toBeVisible();
  const address = mei.page.url();
  await mei.page.goBack();
  await expect(thread(mei.page)).toHaveCount(0);
  await row.click();
  await thread(mei.page).getByRole("link", { name: "Close the thread" }).click();
  await expect(thread(mei.page)).toHaveCount(0);
  await expect(message(mei.page, root.id)).toBeFocused();
  await open(mei.page, address);
  await expect(replies(mei.page)).toHaveCount(2);
});

test("the room and its thread can be written in beside each other, and drafts are apart", async ({ person }) => {
  const { ines, mei, room } = await two(person);
  const root = await postIn(ines.account, room, "two boxes");
  await open(mei.page, `${pathOf(room)}?thread=${root.id}`);
  await replyBox(mei.page).fill("a draft of a reply");
  await roomBox(mei.page).fill("said in the room");
  await roomBox(mei.page).press("Enter");
  await expect(messages(mei.page).filter({ hasText: "said in the room" })).toHaveCount(1);
  await expect(replyBox(mei.page)).toHaveValue("a draft of a reply");
  await mei.page.reload();
  await expect(replyBox(mei.page)).toHaveValue("a draft of a reply");
  await expect(roomBox(mei.page)).toHaveValue("");
  await replyBox(mei.page).press("Enter");
  await expect(replies(mei.page)).toHaveCount(2);
});

test("who takes part follows a thread; who does not may, and may stop", async ({ person }) => {
  const { ines, mei, room } = await two(person);
  const tomasz = await person("tomasz");
  await ines.account.call("/api/rooms/add", { room, people: tomasz.name });
  const root = await postIn(ines.account, room, "a long talk");
  await postIn(mei.account, room, "a reply", { root: root.id });
  const path = `${pathOf(room)}?thread=${root.id}`;
  await open(mei.page, path);
  await expect(thread(mei.page).getByRole("button", { name: "Unfollow" })).toBeVisible();
  await open(tomasz.page, path);
  await thread(tomasz.page).getByRole("button", { name: "Follow" }).click();
  await expect(thread(tomasz.page).getByRole("button", { name: "Unfollow" })).toBeVisible();
  await tomasz.page.reload();
  const [follow, unfollow] = ["Follow", "Unfollow"].map((name) =>
    thread(tomasz.page).getByRole("button", { name, exact: true }),
  );
  await unfollow.click();
  await expect(follow).toBeVisible();

  // Who is called, or says something there, follows it again.
  await postIn(mei.account, room, `and you, @${tomasz.name}?`, { root: root.id });
  await expect(unfollow).toBeVisible();
  await unfollow.click();
  await expect(follow).toBeVisible();
  await replyBox(tomasz.page).fill("me too");
  await replyBox(tomasz.page).press("Enter");
  await expect(unfollow).toBeVisible();
  await isConfirmed(replies(tomasz.page).filter({ hasText: "me too" }));
  await tomasz.page.reload();
  await expect(unfollow).toBeVisible();
});

test("a thread of many replies opens at its end, and older ones are fetched", async ({ person }) => {
  test.slow();
  const { ines, mei, room } = await two(person);
  const root = await postIn(ines.account, room, "count");
  for (let number = 1; number <= 70; number += 1) await postIn(ines.account, room, `reply ${number}`, { root: root.id });
  await open(mei.page, `${pathOf(room)}?thread=${root.id}`);
  await expect(replies(mei.page).filter({ hasText: /^.*reply 70/s })).toBeInViewport();
  await expect(replies(mei.page).first()).toContainText("count");
  // Whoever scrolls up is not asked for a press; the button is for who comes by the keyboard.
  await expect(async () => {
    await replies(mei.page).first().scrollIntoViewIfNeeded();
    await expect(replies(mei.page)).toHaveCount(71, { timeout: 1_000 });
  }).toPass();
  await expect(thread(mei.page).getByRole("button", { name: "Show older replies" })).toHaveCount(0);
  const numbers = await replies(mei.page).locator(".message__body").allInnerTexts();
  expect(numbers.slice(1)).toEqual(Array.from({ length: 70 }, (_, index) => `reply ${index + 1}`));
});

test("what was said and done in a thread while one was away is there when one is back", async ({ person, faults }) => {
  faults.expect(CUT);
  const { ines, mei, room } = await two(person);
  const root = await postIn(ines.account, room, "stay in touch");
  const [first, second] = [
    await postIn(ines.account, room, "first", { root: root.id }),
    await postIn(ines.account, room, "second", { root: root.id }),
  ];
  await openIn(mei.page, `${pathOf(room)}?thread=${root.id}`);
  await expect(replies(mei.page)).toHaveCount(3);
  await mark(mei.page);
  await cutOff(mei.page);
  await ines.account.call("/api/messages/edit", { message: first.id, body: "first, changed" });
  await ines.account.call("/api/messages/delete", { message: second.id });
  await ines.account.call("/api/messages/react", { message: root.id, emoji: "👍", on: "true" });
  await postIn(ines.account, room, "third", { root: root.id });
  await mei.context.setOffline(false);
  const log = mei.page.getByRole("log", { name: "Replies" });
  await expect(replies(mei.page)).toHaveCount(4, { timeout: 30_000 });
  await expect(body(log.locator(`article[data-message-id="${first.id}"]`))).toHaveText("first, changed");
  await expect(gone(log.locator(`article[data-message-id="${second.id}"]`))).toBeVisible();
  await expect(log.locator(`article[data-message-id="${root.id}"] .reaction[data-emoji="👍"]`)).toHaveAccessibleName(
    "Thumbs up, 1",
  );
  await expect(message(mei.page, root.id).getByRole("link", { name: /^2 replies/ })).toBeVisible();
  await isSameDocument(mei.page);
});

test("a thread outlives its first message", async ({ person }) => {
  const { ines, mei, room } = await two(person);
  const root = await postIn(ines.account, room, "a slip");
  await postIn(mei.account, room, "an answer to a slip", { root: root.id });
  await ines.account.call("/api/messages/delete", { message: root.id });
  await expect(gone(message(mei.page, root.id))).toBeVisible();
  await message(mei.page, root.id).getByRole("link", { name: /^1 reply/ }).click();
  await expect(replies(mei.page).last()).toContainText("an answer to a slip");
});

test("a thread that is not there is said, and has a way back", async ({ person, faults }) => {
  faults.expect(/status of 404/);
  const { mei, room } = await two(person);
  const answer = await mei.page.goto(`${pathOf(room)}?thread=00000000-0000-7000-8000-000000000000`);
  expect(answer?.status()).toBe(404);
  await expect(mei.page.getByRole("alert").filter({ hasText: "It does not exist any more." })).toBeVisible();
  await mei.page.getByRole("link", { name: "Close", exact: true }).click();
  await expect(mei.page).toHaveURL(new RegExp(`${pathOf(room)}$`));
  await expect(roomBox(mei.page)).toBeVisible();
});

for (const { name: look, options } of LOOKS) {
  test(`a thread can be read and written by everybody: ${look}`, async ({ person }, info) => {
    const mei = await person("mei", options);
    const room = await group(mei.account, "Workshop");
    const root = await postIn(mei.account, room, "The bus leaves the square at 19:30 and has two seats left.");
    await postIn(mei.account, room, "One for me, please.", { root: root.id });
    await postIn(mei.account, room, "Then I take the bicycle.", { root: root.id });
    await openIn(mei.page, `${pathOf(room)}?thread=${root.id}`);
    await expect(replies(mei.page)).toHaveCount(3);
    await expect(replyBox(mei.page)).toBeInViewport();
    await looksRight(mei.page, info, "thread");
    // On a phone it covers the conversation; elsewhere both are there.
    await expect(roomBox(mei.page)).toBeVisible({ visible: options.viewport.width >= 704 });
    await thread(mei.page).getByRole("link", { name: "Close the thread" }).click();
    await expect(roomBox(mei.page)).toBeVisible();
  });
}
