import {
  areWithoutGap,
  distanceFromEnd,
  endsWith,
  log,
  messages,
  open,
  openRoom,
  say,
  saying,
  scrollToEnd,
  scrollToTop,
  shown,
  topOf,
} from "../support/room";
import { menu, message, openMenu } from "../support/message";
import { ROOM_PATH } from "../support/person";
import { expect, test } from "../support/test";

test.use({ alone: true });

test("a room opens at its end", async ({ person, account }) => {
  const posted = await (await account("writer")).postMany(80, "line");
  const { page } = await person("reader");
  await open(page, ROOM_PATH);
  await expect(saying(page, posted.at(-1)!.body)).toBeInViewport({ ratio: 1 });
  expect(await distanceFromEnd(page)).toBe(0);
});

test("scrolling up loads what was before, to the beginning, and nothing jumps", async ({ person, account }) => {
  test.slow();
  const posted = await (await account("chronicler")).postMany(230, "entry");
  const { page } = await person("historian");
  await openRoom(page);
  await endsWith(page, posted.at(-1)!.seq);

  for (let pages = 0; pages < 10; pages += 1) {
    const top = await log(page).evaluate((list) => {
      const scroller = list.parentElement as HTMLElement;
      scroller.scrollTop = -scroller.scrollHeight;
      const edge = scroller.getBoundingClientRect().top;
      const rows = [...list.querySelectorAll("article[data-seq]")];
      const first = rows.find((row) => row.getBoundingClientRect().bottom > edge) as Element;
      return { seq: first.getAttribute("data-seq"), y: first.getBoundingClientRect().top, count: rows.length };
    });
    if (top.count === 230) break;
    await expect.poll(() => messages(page).count()).toBeGreaterThan(top.count);
    const row = log(page).locator(`article[data-seq="${top.seq}"]`);
    await expect
      .poll(() => row.evaluate((element, y) => Math.abs(element.getBoundingClientRect().top - y), top.y), {
        message: `message ${top.seq} moved when older ones came above it`,
        timeout: 3_000,
      })
      .toBeLessThanOrEqual(2);
  }

  const rows = await shown(page);
  expect(rows.map((row) => row.text)).toEqual(posted.map((message) => message.body));
  expect(areWithoutGap(rows)).toBe(true);
  await expect(page.getByText("This is where the conversation begins.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Show older messages" })).toHaveCount(0);
});

test("the wheel reads back through the conversation without a jump", async ({ person, account }) => {
  const posted = await (await account("storyteller")).postMany(120, "verse");
  const { page } = await person("listener");
  await openRoom(page);
  await endsWith(page, posted.at(-1)!.seq);
  await log(page).hover();
  await expect(async () => {
    await page.mouse.wheel(0, -600);
    await expect(saying(page, "verse 1")).toBeInViewport({ timeout: 200 });
  }).toPass({ intervals: [50], timeout: 20_000 });
  expect((await shown(page)).map((row) => row.text)).toEqual(posted.map((message) => message.body));
});

test("a menu stays open where it is when older messages come", async ({ person, account }) => {
  const posted = await (await account("archivist")).postMany(120, "note");
  const { page } = await person("chooser");
  let letThrough = (): void => undefined;
  const asked = new Promise<void>((resolve) => (letThrough = resolve));
  await page.route("**/api/messages/before*", async (route) => {
    await asked;
    await route.continue();
  });
  await openRoom(page);
  await endsWith(page, posted.at(-1)!.seq);
  const before = await messages(page).count();
  // Not one of the last: those alone stay put when a list grows above them, the others are taken out and put in again.
  const row = message(page, posted[120 - before + 30].id);
  await row.evaluate((element) => element.scrollIntoView({ block: "center" }));
  await openMenu(page, row);
  await expect(menu(page).getByRole("menuitem").first()).toBeFocused();
  const at = await menu(page).boundingBox();
  letThrough();
  await expect.poll(() => messages(page).count()).toBeGreaterThan(before);
  await expect(menu(page)).toBeVisible();
  await expect(menu(page).getByRole("menuitem").first()).toBeFocused();
  await expect.poll(() => menu(page).boundingBox()).toEqual(at);
  await menu(page).getByRole("menuitem", { name: "Reply", exact: true }).click();
  await expect(page.getByRole("textbox", { name: /^Message/ })).toBeFocused();
});

test("new messages do not move who reads further up, and a pill counts them and leads to them", async ({
  person,
  account,
}) => {
  const writer = await account("poster");
  await writer.postMany(60, "old");
  const { page } = await person("browser");
  await openRoom(page);
  await expect(messages(page)).toHaveCount(60);
  await log(page).evaluate((list) => {
    (list.parentElement as HTMLElement).scrollTop = -900;
  });
  const pill = page.getByRole("button", { name: "To the newest" });
  await expect(pill).toBeVisible();

  const middle = await log(page).evaluate((list) => {
    const half = window.innerHeight / 2;
    const row = [...list.querySelectorAll("article")].find((row) => row.getBoundingClientRect().bottom > half) as Element;
    return { seq: row.getAttribute("data-seq"), y: row.getBoundingClientRect().top };
  });
  const held = async () => {
    const row = log(page).locator(`article[data-seq="${middle.seq}"]`);
    const y = await row.evaluate((element) => element.getBoundingClientRect().top);
    expect(Math.abs(y - middle.y), "the view moved").toBeLessThanOrEqual(2);
  };
  await writer.post("news");
  await expect(page.getByRole("button", { name: "1 new" })).toBeVisible();
  await expect(held).toPass({ timeout: 3_000 });
  const last = await writer.post("more news");
  await expect(page.getByRole("button", { name: "2 new" })).toBeVisible();
  await expect(held).toPass({ timeout: 3_000 });

  await page.getByRole("button", { name: "2 new" }).click();
  await expect(saying(page, last.body)).toBeInViewport({ ratio: 1 });
  await expect.poll(() => distanceFromEnd(page)).toBe(0);
  await expect(page.getByRole("button", { name: /new/ })).toHaveCount(0);
});

test("the end is followed by who is near it, and by who writes", async ({ person, account }) => {
  const writer = await account("chatty");
  await writer.postMany(60, "old");
  const { page } = await person("present");
  await openRoom(page);
  const next = await writer.post("next");
  await expect(saying(page, next.body)).toBeInViewport({ ratio: 1 });
  await scrollToTop(page);
  await expect(saying(page, next.body)).not.toBeInViewport();
  await say(page, "my own");
  await expect(saying(page, "my own")).toBeInViewport({ ratio: 1 });
});

test("5,000 messages are read to the beginning and back with at most 300 in the page, and nothing jumps", async ({
  person,
  account,
}) => {
  test.setTimeout(240_000);
  const posted = await (await account("annalist")).postFast(5_000, "year");
  const { page } = await person("scholar");
  await openRoom(page);
  await endsWith(page, posted.at(-1)!.seq);
  const edge = async (to: "first" | "last") => {
    const rows = await shown(page);
    expect(rows.length).toBeLessThanOrEqual(300);
    expect(areWithoutGap(rows), "a hole").toBe(true);
    return (to === "first" ? rows[0] : rows.at(-1)!).seq;
  };

  for (const to of ["first", "last"] as const) {
    const goal = to === "first" ? posted[0].seq : posted.at(-1)!.seq;
    for (let pages = 0; (await edge(to)) !== goal; pages += 1) {
      expect(pages, "there is always more").toBeLessThan(150);
      const before = await edge(to);
      // The message at the edge of the view is the one that a reader looks at while more comes.
      const row = await log(page).evaluate((list, to) => {
        const scroller = list.parentElement as HTMLElement;
        scroller.scrollTop = to === "first" ? -scroller.scrollHeight + scroller.clientHeight + 300 : -300;
        const view = scroller.getBoundingClientRect();
        const rows = [...list.querySelectorAll("article[data-seq]")];
        const row = rows.find((row) => row.getBoundingClientRect().bottom > view.top) as Element;
        return { seq: Number(row.getAttribute("data-seq")), y: row.getBoundingClientRect().top };
      }, to);
      await expect.poll(() => edge(to)).not.toBe(before);
      await expect
        .poll(async () => Math.abs((await topOf(page, row.seq)) - row.y), { message: `${row.seq} moved`, timeout: 3_000 })
        .toBeLessThanOrEqual(2);
    }
  }
  await scrollToEnd(page);
  await expect(page.getByRole("button", { name: "To the newest" })).toHaveCount(0);
  const next = await (await account("successor")).post("and so on");
  await expect(saying(page, next.body)).toBeInViewport({ ratio: 1 });
});

test("an address with a number opens round that message and marks it", async ({ person, account }) => {
  const posted = await (await account("indexer")).postFast(400, "page");
  const { page } = await person("seeker");
  const wanted = posted[150];
  await open(page, `${ROOM_PATH}?at=${wanted.seq}`);
  const row = log(page).locator(`article[data-seq="${wanted.seq}"]`);
  await expect(row).toBeInViewport({ ratio: 1 });
  await expect(row).toBeFocused();
  await expect(row).toHaveAttribute("data-target", "");
  await expect(row).not.toHaveAttribute("data-target", { timeout: 10_000 });
  expect((await shown(page)).at(-1)!.seq).toBeLessThan(posted.at(-1)!.seq);

  await page.getByRole("button", { name: "To the newest" }).click();
  await expect(saying(page, posted.at(-1)!.body)).toBeInViewport({ ratio: 1 });
  await expect.poll(() => distanceFromEnd(page)).toBe(0);
  expect(areWithoutGap(await shown(page))).toBe(true);
});

test("who writes while reading far up is at the end with what was written", async ({ person, account }) => {
  const posted = await (await account("ancestor")).postFast(400, "line");
  const { page } = await person("descendant");
  await openRoom(page);
  await open(page, `${ROOM_PATH}?at=${posted[20].seq}`);
  await say(page, "here I am");
  await expect(saying(page, "here I am")).toBeInViewport({ ratio: 1 });
  await expect(saying(page, "here I am")).toHaveAttribute("data-seq", /\d/);
  await endsWith(page, posted.at(-1)!.seq + 1);
  await expect(page.getByRole("button", { name: "To the newest" })).toHaveCount(0);
});

test("a day is opened at its first message, by the reader's clock", async ({ person, account }) => {
  const posted = await (await account("diarist")).postFast(120, "note");
  const { page } = await person("reviewer", { timezoneId: "Pacific/Kiritimati" });
  await openRoom(page);
  const asked = page.waitForRequest("**/api/messages/day?*");
  await page.getByRole("button", { name: "Jump to a date" }).click();
  const today = await page.evaluate(() => {
    const now = new Date();
    const two = (number: number) => String(number).padStart(2, "0");
    return { date: `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`, at: new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime() };
  });
  await page.getByLabel("Date", { exact: true }).fill(today.date);
  await page.getByRole("button", { name: "Show", exact: true }).click();
  expect(new URL((await asked).url()).searchParams.get("day")).toBe(String(today.at * 1000));
  const first = log(page).locator(`article[data-seq="${posted[0].seq}"]`);
  await expect(first).toBeInViewport();
  await expect(first).toBeFocused();
});

test("a day on which clocks are put forward begins at the reader's midnight", async ({ person }) => {
  const { page } = await person("springer", { timezoneId: "Europe/Berlin" });
  await openRoom(page);
  for (const [date, at] of [
    ["2025-03-30", "2025-03-29T23:00:00Z"],
    ["2025-03-31", "2025-03-30T22:00:00Z"],
    ["2025-10-27", "2025-10-26T23:00:00Z"],
  ]) {
    const asked = page.waitForRequest("**/api/messages/day?*");
    await page.getByRole("button", { name: "Jump to a date" }).click();
    await page.getByLabel("Date", { exact: true }).fill(date);
    await page.getByRole("button", { name: "Show", exact: true }).click();
    expect(new URL((await asked).url()).searchParams.get("day"), date).toBe(String(Date.parse(at) * 1000));
  }
});

test("a tab that is left open through 2,000 messages stays small and at the end", async ({ person, account }) => {
  test.setTimeout(120_000);
  const writer = await account("torrent");
  const { page } = await person("sleeper");
  await openRoom(page);
  const posted = await writer.postFast(2_000, "drop");
  await endsWith(page, posted.at(-1)!.seq, 60_000);
  const rows = await shown(page);
  expect(rows.length).toBeLessThanOrEqual(300);
  expect(areWithoutGap(rows)).toBe(true);
  await expect(saying(page, posted.at(-1)!.body)).toBeInViewport({ ratio: 1 });
  await expect.poll(() => distanceFromEnd(page)).toBe(0);
});
