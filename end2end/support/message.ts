import { expect, type Locator, type Page } from "@playwright/test";
import { randomUUID } from "node:crypto";
import type { Account, Person, Posted } from "./person";
import { open } from "./room";
import { group, pathOf } from "./rooms";

/** Two people in a group of their own, each with the room open. The first owns it. */
export async function two(person: (name: string) => Promise<Person>): Promise<{ ines: Person; mei: Person; room: string }> {
  const [ines, mei] = [await person("ines"), await person("mei")];
  const room = await group(ines.account, "Workshop", [mei.account]);
  await openIn(ines.page, pathOf(room));
  await openIn(mei.page, pathOf(room));
  return { ines, mei, room };
}

/** Posts to a room; into a thread or as an answer, when it says so. */
export function postIn(
  account: Account,
  room: string,
  body: string,
  more: { root?: string; reply_to?: string } = {},
): Promise<Posted> {
  return account.call<Posted>("/api/messages/post", { room, body, nonce: randomUUID(), ...more });
}

/** Opens a room, and waits until it hears what is said. */
export async function openIn(page: Page, path: string): Promise<void> {
  const heard = page.waitForEvent("websocket").then((socket) => socket.waitForEvent("framereceived"));
  await open(page, path);
  await heard;
}

/** A message by its identifier, in the room. */
export const message = (page: Page, id: string): Locator =>
  page.getByRole("log", { name: "Messages" }).locator(`article[data-message-id="${id}"]`);

/** What a message says. */
export const body = (row: Locator): Locator => row.locator(".message__body");

export const menu = (page: Page): Locator => page.getByRole("menu", { name: "Message actions" });

/** Opens the menu of a message with the mouse. */
export async function openMenu(page: Page, row: Locator): Promise<Locator> {
  await row.hover();
  await row.getByRole("button", { name: "More actions" }).click();
  await expect(menu(page)).toBeVisible();
  return menu(page);
}

/** Chooses something in the menu of a message. */
export async function choose(page: Page, row: Locator, name: string): Promise<void> {
  await (await openMenu(page, row)).getByRole("menuitem", { name, exact: true }).click();
  await expect(menu(page)).toBeHidden();
}

/** What can be chosen in the menu of a message, without the emoji. */
export async function offered(page: Page, row: Locator): Promise<string[]> {
  const items = (await openMenu(page, row)).locator(":scope > [role=menuitem]");
  const names = await items.evaluateAll((all) =>
    all.map((item) => {
      const copy = item.cloneNode(true) as Element;
      copy.querySelectorAll("kbd").forEach((key) => key.remove());
      return (copy.textContent ?? "").trim();
    }),
  );
  await page.keyboard.press("Escape");
  return names;
}

export const editBox = (page: Page): Locator => page.getByRole("textbox", { name: "Edit message" });

/** A reaction to a message, by the emoji's name. */
export const reaction = (row: Locator, name: string): Locator =>
  row.locator(".reactions").getByRole("button", { name: new RegExp(`^${name}, `) });

/** The pane beside the room. */
export const pane = (page: Page, name: string): Locator => page.getByRole("region", { name: new RegExp(`^${name}`) });

export const replies = (page: Page): Locator => page.getByRole("log", { name: "Replies" }).getByRole("article");

/** Where one writes in the room, beside a thread too. */
export const roomBox = (page: Page): Locator => page.locator("#message");

export const replyBox = (page: Page): Locator => page.locator("#reply");

/** The tombstone of a message. */
export const gone = (row: Locator): Locator => body(row).getByText("Message deleted", { exact: true });
