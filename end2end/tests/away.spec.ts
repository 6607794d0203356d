import type { Page } from "@playwright/test";
import { CUT, REFUSED } from "../support/faults";
import { body, gone, message, offered, postIn, reaction, roomBox, two } from "../support/message";
import { cutOff, isSameDocument, mark, messages, saying } from "../support/room";
import { direct, group, idOf, row } from "../support/rooms";
import { expect, test } from "../support/test";
import type { Server } from "../support/server";

test.use({ alone: true });

const BACK = { timeout: 30_000 };

/** Ways to be back. In the first the server still has at hand what was missed; in the second it has forgotten. */
const WAYS: Record<string, (page: Page, server: Server) => Promise<void>> = {
  "after a short absence": (page) => page.context().setOffline(false),
  "after the server was started again": async (page, server) => {
    await server.kill();
    await server.startAgain();
    await page.context().setOffline(false);
  },
};

for (const [when, comeBack] of Object.entries(WAYS)) {
  test(`whatever became of messages is there ${when}`, async ({ person, server, faults }) => {
    test.slow();
    faults.expect(CUT, REFUSED);
    const { ines, mei, room } = await two(person);
    const post = (text: string) => postIn(ines.account, room, text);
    const change = (verb: string, message: string, fields: Record<string, string> = {}) =>
      ines.account.call(`/api/messages/${verb}`, { message, ...fields });
    const [edited, deleted, restored] = [await post("edited"), await post("deleted"), await post("restored")];
    const [liked, disliked, pinned, unpinned] = [await post("+"), await post("-"), await post("up"), await post("down")];
    const [root, answered] = [await post("root"), await post("answered")];
    const { id: answer } = await postIn(ines.account, room, "the answer", { reply_to: answered.id });
    await change("delete", restored.id);
    await change("react", disliked.id, { emoji: "👍", on: "true" });
    await change("pin", unpinned.id, { on: "true" });
    await expect(gone(message(mei.page, restored.id))).toBeVisible();
    await expect(reaction(message(mei.page, disliked.id), "Thumbs up")).toHaveCount(1);
    await expect(message(mei.page, unpinned.id)).toContainText("Pinned");
    await mark(mei.page);
    await cutOff(mei.page);

    await change("edit", edited.id, { body: "said better" });
    await change("delete", deleted.id);
    await change("restore", restored.id);
    await change("react", liked.id, { emoji: "👍", on: "true" });
    await change("react", disliked.id, { emoji: "👍", on: "false" });
    await change("pin", pinned.id, { on: "true" });
    await change("pin", unpinned.id, { on: "false" });
    await postIn(ines.account, room, "in the thread", { root: root.id });
    await change("edit", answered.id, { body: "asked otherwise" });
    await postIn(ines.account, room, "another answer", { reply_to: answered.id });
    const last = await post("the last");
    await expect(body(message(mei.page, edited.id))).toHaveText("edited");
    await comeBack(mei.page, server);

    await expect(message(mei.page, last.id)).toBeVisible(BACK);
    await expect(body(message(mei.page, edited.id))).toHaveText("said better");
    await expect(message(mei.page, edited.id)).toContainText("(edited)");
    await expect(gone(message(mei.page, deleted.id))).toBeVisible();
    await expect(body(message(mei.page, restored.id))).toHaveText("restored");
    await expect(reaction(message(mei.page, liked.id), "Thumbs up")).toHaveAccessibleName("Thumbs up, 1");
    await expect(reaction(message(mei.page, disliked.id), "Thumbs up")).toHaveCount(0);
    await expect(message(mei.page, pinned.id)).toContainText("Pinned");
    await expect(message(mei.page, unpinned.id)).not.toContainText("Pinned");
    await expect(message(mei.page, root.id).getByRole("link", { name: /^1 reply/ })).toBeVisible();
    for (const quoting of [message(mei.page, answer), saying(mei.page, "another answer")]) {
      await expect(quoting.locator(".quote")).toContainText("asked otherwise");
    }
    await expect(messages(mei.page)).toHaveCount(12);
    await isSameDocument(mei.page);
  });

  test(`how many messages are pinned is right ${when}`, async ({ person, server, faults }) => {
    faults.expect(CUT, REFUSED);
    const { ines, mei, room } = await two(person);
    const pinned = mei.page.getByRole("link", { name: /^Pinned messages/ });
    await expect(pinned).toHaveAccessibleName("Pinned messages");
    const { id } = await postIn(ines.account, room, "the key hangs behind the door");
    await cutOff(mei.page);
    await ines.account.call("/api/messages/pin", { message: id, on: "true" });
    await comeBack(mei.page, server);
    await expect(message(mei.page, id)).toContainText("Pinned", BACK);
    await expect(pinned).toHaveAccessibleName("Pinned messages, 1");
  });

  test(`whatever became of rooms and their members is there ${when}`, async ({ person, server, faults }) => {
    test.slow();
    faults.expect(CUT, REFUSED);
    const { ines, mei, room } = await two(person);
    const { id } = await postIn(ines.account, room, "of ines");
    const lost = await group(ines.account, "Lost", [mei.account]);
    const ended = await group(ines.account, "Ended", [mei.account]);
    for (const slug of [lost, ended]) await expect(row(mei.page, slug)).toHaveCount(1);
    expect(await offered(mei.page, message(mei.page, id))).not.toContain("Delete");
    await mark(mei.page);
    await cutOff(mei.page);

    const me = await idOf(mei.account);
    await ines.account.call("/api/rooms/edit", { room, name: "Mirror grinding", topic: "Thursdays at eight" });
    await ines.account.call("/api/rooms/role", { room, person: me, role: "admin" });
    await ines.account.call("/api/rooms/remove", { room: lost, person: me });
    await ines.account.call("/api/rooms/delete", { room: ended, name: "Ended" });
    const added = await group(ines.account, "Added", [mei.account]);
    const pair = await direct(ines.account, mei.account);
    await postIn(ines.account, pair, "are you there?");
    await comeBack(mei.page, server);

    await expect(row(mei.page, added)).toHaveCount(1, BACK);
    await expect(row(mei.page, pair)).toHaveAccessibleName(new RegExp(`^${ines.name}.* 1 unread$`));
    for (const slug of [lost, ended]) await expect(row(mei.page, slug)).toHaveCount(0);
    await expect(mei.page.getByRole("heading", { level: 1 })).toContainText("Mirror grinding");
    await expect(mei.page.getByText("Thursdays at eight", { exact: true })).toBeVisible();
    expect(await offered(mei.page, message(mei.page, id))).toContain("Delete");
    await isSameDocument(mei.page);
  });

  test(`a room that was archived meanwhile is not written in ${when}`, async ({ person, server, faults }) => {
    faults.expect(CUT, REFUSED);
    const { ines, mei, room } = await two(person);
    await mark(mei.page);
    await cutOff(mei.page);
    await ines.account.call("/api/rooms/archive", { room, on: "true" });
    await comeBack(mei.page, server);
    await expect(roomBox(mei.page)).toHaveCount(0, BACK);
    await isSameDocument(mei.page);
  });

  test(`who was removed from the open room meanwhile is led out ${when}`, async ({ person, server, faults }) => {
    faults.expect(CUT, REFUSED);
    const { ines, mei, room } = await two(person);
    await cutOff(mei.page);
    await ines.account.call("/api/rooms/remove", { room, person: await idOf(mei.account) });
    await comeBack(mei.page, server);
    const notice = mei.page.getByRole("alert").filter({ hasText: "This room is no longer open to you." });
    await expect(notice).toBeVisible(BACK);
    await expect(row(mei.page, room)).toHaveCount(0);
  });

  test(`what one did on another device is there ${when}`, async ({ person, server, faults }) => {
    faults.expect(CUT, REFUSED);
    const { ines, mei, room } = await two(person);
    const other = await group(ines.account, "Dome rota", [mei.account]);
    await expect(row(mei.page, other)).toHaveCount(1);
    const { seq } = await postIn(ines.account, room, "twelve volts");
    const unread = await postIn(ines.account, other, "not yet");
    await mei.account.call("/api/rooms/read", { room: other, seq: String(unread.seq) });
    await expect(row(mei.page, other)).toHaveAccessibleName("Dome rota");
    await expect.poll(async () => (await mei.account.entry(room)).read).toBe(seq);
    await cutOff(mei.page);
    await mei.account.call("/api/rooms/unread", { room: other, seq: String(unread.seq) });
    await mei.account.call("/api/rooms/favourite", { room, on: "true" });
    await comeBack(mei.page, server);
    await expect(row(mei.page, other)).toHaveAccessibleName("Dome rota 1 unread", BACK);
    await expect(mei.page.getByRole("button", { name: "Favourite" })).toHaveAttribute("aria-pressed", "true");
  });
}
