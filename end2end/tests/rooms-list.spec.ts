import { passesAxe } from "../support/look";
import { openIn, postIn } from "../support/message";
import { PASSWORD, ROOM, ROOM_PATH } from "../support/person";
import { box, isSameDocument, mark, open, openRoom, say, saying } from "../support/room";
import { direct, fromMenu, goTo, group, idOf, pathOf, row, rooms, section } from "../support/rooms";
import { expect, test } from "../support/test";

test.use({ alone: true });

const count = (page: Parameters<typeof row>[0], slug: string) => row(page, slug).locator(".count");

test("two tabs and another device count the same, and what is read in one is read in all", async ({
  person,
  account,
  visitor,
}) => {
  const [alice, bob] = [await person("alice"), await account("bob")];
  const dome = await group(alice.account, "Dome rota", [bob]);
  const device = await visitor();
  await device.request.post("/api/accounts/login", { form: { login: alice.name, password: PASSWORD } });
  const [here, there] = [alice.page, await alice.context.newPage()];
  const all = [here, there, device];
  for (const page of all) await openRoom(page);
  for (const text of ["one", "two", "three"]) await postIn(bob, dome, text);
  await postIn(bob, dome, `@${alice.name} and four`);
  for (const page of all) {
    await expect(count(page, dome)).toHaveText("@1 mention, 4 unread");
    await expect(row(page, dome)).toHaveClass(/rooms__item--unread/);
    await expect(page).toHaveTitle(/^\(1\) /);
  }
  await goTo(here, dome);
  await expect(saying(here, "three")).toHaveCount(1);
  await fromMenu(here, "Mark as read");
  for (const page of all) {
    await expect(count(page, dome)).toHaveCount(0);
    await expect(row(page, dome)).not.toHaveClass(/rooms__item--unread/);
    await expect(page).not.toHaveTitle(/^\(1\) /);
  }
  await alice.account.call("/api/rooms/unread", { room: dome, seq: "4" });
  for (const page of [there, device]) await expect(count(page, dome)).toHaveText(/\d unread$/);
  expect(await count(there, dome).innerText()).toBe(await count(device, dome).innerText());
});

test("what was read while a tab was away is read when it comes back", async ({ person, account, faults }) => {
  faults.expect(/console: /);
  const [alice, bob] = [await person("alice"), await account("bob")];
  const dome = await group(alice.account, "Dome rota", [bob]);
  await openRoom(alice.page);
  await postIn(bob, dome, "before");
  await expect(count(alice.page, dome)).toHaveText("1 unread");
  await alice.context.setOffline(true);
  await alice.account.call("/api/rooms/read", { room: dome, seq: "1000" });
  await alice.account.call("/api/rooms/favourite", { room: dome, on: "true" });
  await alice.context.setOffline(false);
  await expect(count(alice.page, dome)).toHaveCount(0);
  await expect(section(alice.page, "Favourites").getByRole("link")).toHaveCount(1);
});

test("a call stands out in the row, in the title and in the icon, until it is read", async ({ person, account }) => {
  const [alice, bob] = [await person("alice"), await account("bob")];
  const dome = await group(alice.account, "Dome rota", [bob]);
  const room = await direct(alice.account, bob);
  await openRoom(alice.page);
  const icon = alice.page.locator("link[rel=icon]");
  await expect(icon).toHaveAttribute("href", "/favicon.svg");
  await postIn(bob, dome, "nobody in particular");
  await expect(count(alice.page, dome)).toHaveText("1 unread");
  await expect(alice.page).toHaveTitle(/^Public chat/);
  await postIn(bob, dome, `@${alice.name} can you take Thursday?`);
  await expect(count(alice.page, dome)).toHaveText("@1 mention, 2 unread");
  await expect(alice.page).toHaveTitle(/^\(1\) Public chat/);
  await postIn(bob, room, "and Friday?");
  await expect(count(alice.page, room)).toHaveText("1 unread");
  await expect(alice.page).toHaveTitle(/^\(2\) Public chat/);
  await expect(icon).toHaveAttribute("href", "/favicon-unread.svg");
  for (const slug of [dome, room]) await alice.account.call("/api/rooms/read", { room: slug, seq: "1000" });
  await expect(alice.page).toHaveTitle(/^Public chat/);
  await expect(icon).toHaveAttribute("href", "/favicon.svg");
});

test("a room that is muted says nothing, and a favourite stands above the others", async ({ person, account }) => {
  const [alice, bob] = [await person("alice"), await account("bob")];
  const dome = await group(alice.account, "Dome rota", [bob]);
  await open(alice.page, pathOf(dome));
  await alice.page.getByRole("button", { name: "Room menu" }).click();
  await passesAxe(alice.page);
  await fromMenu(alice.page, "Nothing");
  await expect(row(alice.page, dome)).toHaveAccessibleName(/Dome rota, muted/);
  await alice.page.keyboard.press("Escape");
  await goTo(alice.page, ROOM);
  await postIn(bob, dome, "is anybody there?");
  await expect(row(alice.page, dome).locator(".rooms__last")).toHaveText(`${bob.name}: is anybody there?`);
  await expect(count(alice.page, dome)).toHaveCount(0);

  await goTo(alice.page, dome);
  await fromMenu(alice.page, "Everything");
  await expect(row(alice.page, dome)).not.toHaveAccessibleName(/muted/);
  await fromMenu(alice.page, "For an hour");
  await expect(row(alice.page, dome)).toHaveAccessibleName(/muted/);
  await expect(alice.page.locator("#room-menu")).toContainText("Muted until");
  await fromMenu(alice.page, "Turn it on again");
  await expect(row(alice.page, dome)).not.toHaveAccessibleName(/muted/);

  await alice.page.keyboard.press("Escape");
  await expect(alice.page.getByRole("heading", { name: "Favourites" })).toBeHidden();
  const favourite = alice.page.getByRole("button", { name: "Favourite" });
  await favourite.click();
  await expect(favourite).toHaveAttribute("aria-pressed", "true");
  await expect(section(alice.page, "Favourites").getByRole("link")).toHaveAccessibleName("Dome rota");
  await favourite.click();
  await expect(alice.page.getByRole("heading", { name: "Favourites" })).toBeHidden();
});

test("a narrow head keeps its title, and what has no place in it is in its menu", async ({ person, account }) => {
  const [alice, bob] = [await person("alice"), await account("bob")];
  const dome = await group(alice.account, "The committee of the festival", [bob]);
  await alice.page.setViewportSize({ width: 390, height: 844 });
  await open(alice.page, pathOf(dome));
  const fits = () =>
    alice.page.locator(".room-head__name").evaluate((name) => name.getBoundingClientRect().width / innerWidth);
  expect(await fits()).toBeGreaterThan(0.3);
  const [menu, button] = [alice.page.locator("#room-menu"), alice.page.getByRole("button", { name: "Room menu" })];
  await button.click();
  await passesAxe(alice.page);
  const favourite = menu.getByRole("button", { name: "Favourite" });
  await favourite.click();
  await expect(favourite).toHaveAttribute("aria-pressed", "true");
  await menu.getByRole("button", { name: "Jump to a date" }).click();
  await alice.page.getByLabel("Date", { exact: true }).fill("2026-01-01");
  await alice.page.getByRole("button", { name: "Show", exact: true }).click();
  await expect(menu).toBeHidden();
  await expect(alice.page.getByLabel("Date", { exact: true })).toBeHidden();
  await button.click();
  await menu.getByRole("link", { name: /pinned/i }).click();
  await expect(alice.page.getByRole("heading", { name: "Pinned messages" })).toBeVisible();
  await expect(menu).toBeHidden();

  // Where there is place, nothing is offered twice.
  await alice.page.setViewportSize({ width: 1440, height: 900 });
  await button.click();
  await expect(menu.getByRole("button", { name: "Mark as read" })).toBeVisible();
  await expect(favourite).toBeHidden();
  await alice.page.keyboard.press("Escape");
  await expect(alice.page.getByRole("button", { name: "Favourite" })).toHaveAttribute("aria-pressed", "true");
});

test("rooms are walked through without loading the page, and the last one is remembered", async ({ person, account }) => {
  const [alice, bob] = [await person("alice"), await account("bob")];
  const dome = await group(alice.account, "Dome rota", [bob]);
  await openRoom(alice.page);
  await mark(alice.page);
  await goTo(alice.page, dome);
  await expect(alice.page.getByRole("heading", { level: 1 })).toHaveText(/Dome rota/);
  await expect(alice.page.getByRole("region", { name: "Conversation" })).toBeFocused();
  await say(alice.page, "here");
  await expect(row(alice.page, dome).locator(".rooms__last")).toHaveText("You: here");
  await isSameDocument(alice.page);
  await alice.page.goto("/");
  await expect(alice.page).toHaveURL(new RegExp(`${pathOf(dome)}$`));
  await alice.page.goto("/chat");
  await expect(alice.page).toHaveURL(new RegExp(`${pathOf(dome)}$`));
});

test("who is removed from the room that is open is told so and led out", async ({ person, account }) => {
  const [alice, bob] = [await person("alice"), await account("bob")];
  const dome = await group(bob, "Dome rota", [alice.account]);
  await open(alice.page, pathOf(dome));
  await expect(row(alice.page, dome)).toHaveCount(1);
  await bob.call("/api/rooms/remove", { room: dome, person: await idOf(alice.account) });
  await expect(alice.page).toHaveURL(new RegExp(`${ROOM_PATH}$`));
  await expect(alice.page.getByRole("alert")).toContainText("This room is no longer open to you.");
  await expect(row(alice.page, dome)).toHaveCount(0);
});

test("of a list of 300 rooms only that is touched which is new, and the open room is in sight", async ({ person, account }, info) => {
  info.setTimeout(120_000);
  const [alice, bob] = [await person("alice"), await account("bob")];
  const slugs: string[] = [];
  for (let number = 1; number <= 300; number += 1) {
    slugs.push(await group(alice.account, `Room ${number}`, number === 1 ? [bob] : []));
  }
  await openRoom(alice.page);
  await expect(rooms(alice.page).getByRole("listitem")).toHaveCount(301);
  await expect(section(alice.page, "Rooms").getByRole("link", { name: "Room 300" })).toBeVisible();
  await postIn(bob, slugs[0], "number 0");
  const first = section(alice.page, "Rooms").getByRole("listitem").first().getByRole("link");
  await expect(first).toHaveAttribute("href", pathOf(slugs[0]));
  await rooms(alice.page).evaluate((list) => {
    const touched = new Set<string>();
    Object.assign(window, { touched });
    new MutationObserver((changes) => {
      for (const { target, addedNodes } of changes) {
        for (const node of [target, ...addedNodes]) {
          const item = (node instanceof Element ? node : node.parentElement)?.closest("li");
          if (item) touched.add(item.querySelector("a")!.getAttribute("href")!);
        }
      }
    }).observe(list, { subtree: true, childList: true, attributes: true, characterData: true });
  });
  for (let number = 1; number < 20; number += 1) await postIn(bob, slugs[0], `number ${number}`);
  await expect(count(alice.page, slugs[0])).toHaveText("20 unread");
  const touched = await alice.page.evaluate(() => [...(window as unknown as { touched: Set<string> }).touched]);
  expect(touched).toEqual([pathOf(slugs[0])]);
  await box(alice.page).press("Alt+ArrowDown");
  await expect(alice.page).not.toHaveURL(new RegExp(`${ROOM_PATH}$`));
  // By its address, and by the keys.
  await openIn(alice.page, pathOf(slugs[150]));
  await expect(row(alice.page, slugs[150])).toBeInViewport({ ratio: 1 });
  const top = section(alice.page, "Rooms").getByRole("listitem").first();
  await expect(top).not.toBeInViewport();
  await alice.page.keyboard.press("Control+k");
  await alice.page.keyboard.type("Room 290");
  await expect(alice.page.getByRole("option", { name: /Room 290/ })).toHaveAttribute("aria-selected", "true");
  await alice.page.keyboard.press("Enter");
  await expect(row(alice.page, slugs[289])).toHaveAttribute("aria-current", "page");
  await expect(row(alice.page, slugs[289])).toBeInViewport({ ratio: 1 });
});

test("on a phone the list says what was said last", async ({ person, account }) => {
  const [alice, bob] = [await person("alice", { viewport: { width: 390, height: 844 } }), await account("bob")];
  const dome = await group(alice.account, "Dome rota", [bob]);
  await postIn(bob, dome, "can you take Thursday?");
  await openRoom(alice.page);
  await alice.page.getByRole("link", { name: "All rooms" }).click();
  await expect(row(alice.page, dome).getByText(`${bob.name}: can you take Thursday?`)).toBeVisible();
  await expect(row(alice.page, dome).locator("time")).toHaveText(/^\d\d:\d\d$/);
  await passesAxe(alice.page);
  // The list is gone when a room is shown.
  await row(alice.page, dome).click();
  await expect(alice.page).toHaveURL(new RegExp(`${pathOf(dome)}$`));
  await expect(box(alice.page)).toBeVisible();
});
