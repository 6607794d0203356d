import { passesAxe } from "../support/look";
import { ROOM } from "../support/person";
import { box, openRoom, say, saying } from "../support/room";
import { direct, goTo, group, row } from "../support/rooms";
import { expect, test } from "../support/test";

test.use({ alone: true });

const typing = (page: Parameters<typeof row>[0]) => page.locator(".app__main > .typing");

test("who writes is shown to the others in the room, until it is written or given up", async ({ person }) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  const dome = await group(alice.account, "Dome rota", []);
  for (const { page } of [alice, bob]) await openRoom(page);
  await box(bob.page).pressSequentially("I am");
  await expect(typing(alice.page)).toHaveText(`${bob.name} is typing`);
  await expect(typing(bob.page)).toHaveText("");
  await say(bob.page, "I am here");
  await expect(saying(alice.page, "I am here")).toHaveCount(1);
  await expect(typing(alice.page)).toHaveText("");

  // It is true for six seconds.
  await expect(async () => {
    await box(bob.page).pressSequentially("x");
    await expect(typing(alice.page)).toHaveText(`${bob.name} is typing`, { timeout: 500 });
  }).toPass();
  await expect(typing(alice.page)).toHaveText("", { timeout: 8_000 });

  // Not in another room.
  await goTo(alice.page, dome);
  await expect(async () => {
    await box(bob.page).pressSequentially("y");
    await goTo(alice.page, ROOM);
    await expect(typing(alice.page)).toHaveText(`${bob.name} is typing`, { timeout: 500 });
  }).toPass();
  await goTo(alice.page, dome);
  await expect(typing(alice.page)).toHaveText("");
});

test("the height of the typing line is always there", async ({ person }) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  for (const { page } of [alice, bob]) await openRoom(page);
  const place = () => box(alice.page).evaluate((element) => element.getBoundingClientRect().top);
  const before = await place();
  await box(bob.page).pressSequentially("I am");
  await expect(typing(alice.page)).toHaveText(`${bob.name} is typing`);
  expect(await place()).toBe(before);
});

test("a dot and words say who is here, until 20 seconds after the last page", async ({ person }, info) => {
  info.setTimeout(90_000);
  const [alice, bob] = [await person("alice"), await person("bob")];
  const room = await direct(alice.account, bob.account);
  await openRoom(alice.page);
  await expect(row(alice.page, room)).toHaveAccessibleName(bob.name);
  await openRoom(bob.page);
  const second = await bob.context.newPage();
  await openRoom(second);
  await expect(row(alice.page, room)).toHaveAccessibleName(`${bob.name}, here now`);
  await expect(row(alice.page, room).locator(".presence--here")).toBeVisible();
  await goTo(alice.page, room);
  await expect(alice.page.getByRole("heading", { level: 1 })).toHaveText(`${bob.name}here now`);
  await passesAxe(alice.page);
  // One of two pages is not the last one.
  await second.close();
  await bob.page.reload();
  await expect(row(alice.page, room)).toHaveAccessibleName(`${bob.name}, here now`);
  await bob.context.close();
  await expect(row(alice.page, room)).toHaveAccessibleName(bob.name, { timeout: 40_000 });
});

test("the head of a room says how many are here", async ({ person }) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  await openRoom(alice.page);
  const head = alice.page.getByRole("heading", { level: 1 });
  await expect(head).toContainText("1 here");
  await openRoom(bob.page);
  await expect(head).toContainText("2 here");
  const dome = await group(alice.account, "Dome rota", []);
  await expect(row(alice.page, dome)).toHaveCount(1);
  await goTo(alice.page, dome);
  await expect(head).toContainText("1 here");
});

test("a page in which nothing is done for five minutes is away", async ({ person }) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  const room = await direct(alice.account, bob.account);
  await openRoom(alice.page);
  await bob.page.clock.install();
  await openRoom(bob.page);
  await expect(row(alice.page, room)).toHaveAccessibleName(`${bob.name}, here now`);
  await bob.page.clock.fastForward("05:30");
  await expect(row(alice.page, room)).toHaveAccessibleName(`${bob.name}, away`);
  await box(bob.page).press("a");
  await expect(row(alice.page, room)).toHaveAccessibleName(`${bob.name}, here now`);
});

test("a new version of the site is told and never forced", async ({ person }) => {
  const { page } = await person("alice");
  await page.routeWebSocket(/\/live$/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((message) => socket.send(String(message).replace(/"assets":"[^"]*"/, '"assets":"/a/newer"')));
  });
  await openRoom(page);
  const notice = page.getByRole("status").filter({ hasText: "There is a new version of this page." });
  await expect(notice).toBeVisible();
  await box(page).fill("a draft");
  await passesAxe(page);
  await notice.getByRole("button", { name: "Reload" }).click();
  await expect(box(page)).toHaveValue("a draft");
  await notice.getByRole("button", { name: "Dismiss" }).click();
  await expect(notice).toHaveCount(0);
});
