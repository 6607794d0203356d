import type { Locator, Page } from "@playwright/test";
import { expect } from "@playwright/test";
import type { Account } from "./person";

/** What leads to a room. */
interface Led {
  next: string;
}

const slugOf = ({ next }: Led): string => {
  const slug = /^\/chat\/room\/([a-z0-9-]+)$/.exec(next)?.[1];
  if (!slug) throw new Error(`${next} is no room`);
  return slug;
};

/** A group of somebody with others in it. */
export async function group(owner: Account, name: string, members: Account[] = []): Promise<string> {
  const slug = slugOf(await owner.call<Led>("/api/rooms/create", { name }));
  if (members.length > 0) {
    await owner.call("/api/rooms/add", { room: slug, people: members.map((member) => member.name).join(" ") });
  }
  return slug;
}

/** The direct room of two. */
export const direct = async (one: Account, other: Account): Promise<string> =>
  slugOf(await one.call<Led>("/api/rooms/direct", { people: other.name }));

/** By what somebody is called whatever their username is. */
export async function idOf(account: Account): Promise<string> {
  const { author } = await account.ask<{ author: { id: string } }>(`/api/people/show?handle=${account.name}`);
  return author.id;
}

/** The code of the link by which one comes into a room. */
export async function linkInto(owner: Account, room: string): Promise<string> {
  await owner.call("/api/rooms/link", { room });
  const answer = await owner.ask<{ link: { code: string } }>(`/api/rooms/settings?room=${room}`);
  return answer.link.code;
}

export const pathOf = (slug: string): string => `/chat/room/${slug}`;

export const rooms = (page: Page): Locator => page.getByRole("navigation", { name: "Rooms" });

/** A room in the list, by its address. */
export const row = (page: Page, slug: string): Locator => rooms(page).locator(`a[href="${pathOf(slug)}"]`);

/** The part of the list with that heading. */
export const section = (page: Page, name: string): Locator =>
  rooms(page).locator("section").filter({ has: page.getByRole("heading", { name, exact: true }) });

/** Goes to a room by the list, without loading the page. */
export async function goTo(page: Page, slug: string): Promise<void> {
  await row(page, slug).click();
  await expect(page).toHaveURL(new RegExp(`${pathOf(slug)}$`));
  await expect(row(page, slug)).toHaveAttribute("aria-current", "page");
}

/** What the menu of the room that is open offers. */
export async function fromMenu(page: Page, item: string): Promise<void> {
  const menu = page.locator("#room-menu");
  if (!(await menu.isVisible())) await page.getByRole("button", { name: "Room menu" }).click();
  await menu.getByRole("button", { name: item, exact: true }).click();
}
