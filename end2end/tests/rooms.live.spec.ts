import type { Page } from "@playwright/test";
import { REFUSED } from "../support/faults";
import { message, offered, postIn, roomBox, two } from "../support/message";
import type { Account } from "../support/person";
import { isSameDocument, mark, openRoom } from "../support/room";
import { idOf, linkInto, row } from "../support/rooms";
import { expect, test } from "../support/test";

test.use({ alone: true });

const title = (page: Page) => page.getByRole("heading", { level: 1 });
const members = (page: Page) => page.getByRole("link", { name: /^Members, \d/ });
const archived = (page: Page) => page.getByText("This room is archived: it can be read,");
const notice = (page: Page) => page.getByRole("alert").filter({ hasText: "This room is no longer open to you." });

const rename = (owner: Account, room: string, name: string, topic = "") =>
  owner.call("/api/rooms/edit", { room, name, topic });
const archive = (owner: Account, room: string, on: boolean) => owner.call("/api/rooms/archive", { room, on: String(on) });
const give = async (owner: Account, room: string, person: Account, role: string) =>
  owner.call("/api/rooms/role", { room, person: await idOf(person), role });
const remove = async (owner: Account, room: string, person: Account) =>
  owner.call("/api/rooms/remove", { room, person: await idOf(person) });

/** Whether others' messages can be deleted by who has the page open: whoever looks after the room may. */
const mayDelete = (page: Page, id: string, may: boolean) =>
  expect(async () => expect((await offered(page, message(page, id))).includes("Delete")).toBe(may)).toPass();

test("a room that is renamed, has another topic, is archived and opened again shows so at once", async ({ person }) => {
  const { ines, mei, room } = await two(person);
  await mark(mei.page);
  await rename(ines.account, room, "Mirror grinding", "Thursdays at eight");
  await expect(title(mei.page)).toContainText("Mirror grinding");
  await expect(mei.page.getByText("Thursdays at eight", { exact: true })).toBeVisible();
  await expect(row(mei.page, room)).toHaveAccessibleName(/^Mirror grinding/);
  await expect(mei.page).toHaveTitle(/^Mirror grinding/);
  await archive(ines.account, room, true);
  await expect(archived(mei.page)).toBeVisible();
  await expect(roomBox(mei.page)).toHaveCount(0);
  await archive(ines.account, room, false);
  await expect(archived(mei.page)).toHaveCount(0);
  await expect(roomBox(mei.page)).toBeEditable();
  await isSameDocument(mei.page);
});

test("the message box names the room as it is called now", async ({ person }) => {
  const { ines, mei, room } = await two(person);
  await expect(roomBox(mei.page)).toHaveAttribute("placeholder", "Message Workshop");
  await rename(ines.account, room, "Mirror grinding");
  await expect(roomBox(mei.page)).toHaveAttribute("placeholder", "Message Mirror grinding");
});

test("another role shows at once in what is offered", async ({ person }) => {
  const { ines, mei, room } = await two(person);
  const { id } = await postIn(ines.account, room, "of ines");
  await mark(mei.page);
  await mayDelete(mei.page, id, false);
  await give(ines.account, room, mei.account, "admin");
  await mayDelete(mei.page, id, true);
  await give(ines.account, room, mei.account, "member");
  await mayDelete(mei.page, id, false);
  await isSameDocument(mei.page);
});

test("who is added, comes by the link, leaves or is removed has the room or not, in all their pages", async ({ person }) => {
  const { ines, room } = await two(person);
  const tomasz = await person("tomasz");
  const second = await tomasz.context.newPage();
  const pages = [tomasz.page, second];
  for (const page of pages) await openRoom(page);
  for (const page of pages) await mark(page);
  const has = async (count: number) => {
    for (const page of pages) await expect(row(page, room)).toHaveCount(count);
  };
  await has(0);
  await ines.account.call("/api/rooms/add", { room, people: tomasz.name });
  await has(1);
  await tomasz.account.call("/api/rooms/leave", { room });
  await has(0);
  await tomasz.account.call("/api/rooms/join", { code: await linkInto(ines.account, room) });
  await has(1);
  await remove(ines.account, room, tomasz.account);
  await has(0);
  for (const page of pages) await isSameDocument(page);
});

test("a room that is deleted is gone from all lists, and who is in it is led out", async ({ person, faults }) => {
  faults.expect(REFUSED);
  const { ines, mei, room } = await two(person);
  const second = await mei.context.newPage();
  await openRoom(second);
  await expect(row(second, room)).toHaveCount(1);
  await mark(second);
  await ines.account.call("/api/rooms/delete", { room, name: "Workshop" });
  await expect(notice(mei.page)).toBeVisible();
  for (const page of [mei.page, second]) await expect(row(page, room)).toHaveCount(0);
  await expect(notice(second)).toHaveCount(0);
  await isSameDocument(second);
});

test("the head counts the members, also while they come and go", async ({ person, account }) => {
  const { ines, mei, room } = await two(person);
  const tomasz = await account("tomasz");
  await expect(members(mei.page)).toHaveAccessibleName("Members, 2");
  await ines.account.call("/api/rooms/add", { room, people: tomasz.name });
  await expect(members(mei.page)).toHaveAccessibleName("Members, 3");
  await tomasz.call("/api/rooms/leave", { room });
  await expect(members(mei.page)).toHaveAccessibleName("Members, 2");
});
