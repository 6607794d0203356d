import { ROOM_PATH } from "../support/person";
import {
  areWithoutGap,
  connection,
  isConfirmed,
  listen,
  log,
  messages,
  open,
  openRoom,
  say,
  saying,
  scrollToTop,
  shown,
} from "../support/room";
import { expect, test } from "../support/test";

test.use({ alone: true });

test("a screen reader finds the messages, who wrote them and when, and the rooms", async ({ person, account }) => {
  const writer = await account("author");
  const posted = await writer.post("find me");
  const { page } = await person("finder");
  await open(page, ROOM_PATH);
  const row = saying(page, "find me");
  await expect(row).toHaveAttribute("data-seq", String(posted.seq));
  await expect(row).toHaveAttribute("data-message-id", posted.id);
  await expect(row.getByRole("link", { name: writer.name })).toHaveAttribute("href", `/@${writer.name}`);
  await expect(row.locator("time")).toHaveAttribute("datetime", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/);
  await expect(row.locator("time")).toHaveText(/^\d\d:\d\d$/);

  const rooms = page.getByRole("navigation", { name: "Rooms" });
  const room = rooms.getByRole("listitem").getByRole("link");
  await expect(room).toHaveCount(1);
  await expect(room).toHaveAttribute("aria-current", "page");
  await expect(room).toHaveAttribute("href", ROOM_PATH);
  await expect(connection(page)).toHaveCount(1);
  await expect(page.getByRole("main")).toHaveCount(1);
  await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);

  await row.getByRole("link", { name: writer.name }).click();
  await expect(page).toHaveURL(new RegExp(`/@${writer.name}$`));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(writer.name);
});

test("times are those of the reader's clock", async ({ person, account }) => {
  const posted = await (await account("clock")).post("what time is it");
  const { page } = await person("zone", { timezoneId: "Asia/Kathmandu", locale: "en-GB" });
  await open(page, ROOM_PATH);
  const time = saying(page, "what time is it").locator("time");
  const local = await time.evaluate((element) =>
    new Date((element as HTMLTimeElement).dateTime).toLocaleTimeString("en-GB", {
      hour: "2-digit",
      minute: "2-digit",
      timeZone: "Asia/Kathmandu",
    }),
  );
  expect(posted.seq).toBeGreaterThan(0);
  await expect(time).toHaveText(local);
});

test("what others say is read out by one voice, what one says oneself and what was said before is not", async ({
  person,
  account,
}) => {
  const writer = await account("voice");
  await writer.postFast(130, "before");
  const { page } = await person("ear");
  const said = await listen(page);
  await openRoom(page);
  await expect(log(page)).toHaveAttribute("aria-live", "off");
  await expect(page.locator("[aria-live=polite]:not([role=status])")).toHaveCount(1);
  await expect(async () => {
    await scrollToTop(page);
    expect(await messages(page).count()).toBe(130);
  }).toPass();
  await say(page, "my own words");
  await isConfirmed(saying(page, "my own words"));
  await writer.post("listen");
  await expect.poll(said).toEqual([`${writer.name}: listen`]);
  await writer.post("and again");
  await expect.poll(said).toEqual([`${writer.name}: listen`, `${writer.name}: and again`]);

  await Promise.all([1, 2, 3, 4, 5, 6].map((number) => writer.post(`all at once ${number}`)));
  await expect.poll(said).toEqual([`${writer.name}: listen`, `${writer.name}: and again`, "6 new messages"]);
  expect(areWithoutGap(await shown(page))).toBe(true);
});

test("the list is scrolled by keyboard", async ({ person, account }) => {
  await (await account("filler")).postMany(60, "line");
  const { page } = await person("pager");
  await openRoom(page);
  await saying(page, "line 60").focus();
  await expect(saying(page, "line 60")).toBeFocused();
  await page.keyboard.press("PageUp");
  await expect(saying(page, "line 60")).not.toBeInViewport();
});
