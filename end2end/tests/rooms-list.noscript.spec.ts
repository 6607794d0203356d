import { postIn } from "../support/message";
import { ROOM } from "../support/person";
import { group, pathOf, row, section } from "../support/rooms";
import { expect, test } from "../support/test";

test.use({ alone: true });

test("the list, its counts and all choices about a room work without script", async ({ person, account }) => {
  const [alice, bob] = [await person("alice"), await account("bob")];
  const dome = await group(alice.account, "Dome rota", [bob]);
  for (const text of ["one", "two"]) await postIn(bob, dome, text);
  const { page } = alice;
  await page.goto(pathOf(ROOM));
  await expect(row(page, dome).locator(".count")).toHaveText("2 unread");
  await expect(page.getByRole("button", { name: "Jump to a room" })).toBeHidden();

  await row(page, dome).click();
  await expect(page).toHaveURL(new RegExp(`${pathOf(dome)}$`));
  await page.getByRole("button", { name: "Favourite" }).click();
  await expect(section(page, "Favourites").getByRole("link")).toHaveAttribute("href", pathOf(dome));

  await page.getByRole("button", { name: "Room menu" }).click();
  await page.locator("#room-menu").getByRole("button", { name: "Mark as read" }).click();
  await expect(page).toHaveURL(new RegExp(`${pathOf(dome)}$`));
  await expect(row(page, dome).locator(".count")).toHaveCount(0);

  await page.getByRole("button", { name: "Room menu" }).click();
  await page.getByRole("button", { name: "For 8 hours" }).click();
  await expect(row(page, dome)).toHaveAccessibleName(/muted/);
  await postIn(bob, dome, "three");
  await page.goto("/chat");
  await expect(page).toHaveURL(new RegExp(`${pathOf(dome)}$`));
  await expect(row(page, dome).locator(".count")).toHaveCount(0);
  await alice.account.call("/api/rooms/involve", { room: dome, involvement: "everything", mute: "0" });
  await page.reload();
  await expect(row(page, dome).locator(".count")).toHaveText("1 unread");
});
