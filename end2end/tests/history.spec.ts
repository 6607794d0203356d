import { areWithoutGap, distanceFromEnd, endsWith, log, messages, open, openRoom, say, saying, scrollToTop, shown } from "../support/room";
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
