import { ROOM_PATH } from "../support/person";
import { box, saying, shown } from "../support/room";
import { expect, test } from "../support/test";

test.use({ alone: true });

test("the whole history is reached by links, to the beginning and back", async ({ person, account }) => {
  const posted = await (await account("scribe")).postFast(180, "entry");
  const { page } = await person("plain");
  const numbers = async () => (await shown(page)).map((row) => row.seq);
  const [older, newer] = [
    page.getByRole("link", { name: "Older", exact: true }),
    page.getByRole("link", { name: "Newer", exact: true }),
  ];
  await page.goto(ROOM_PATH);
  await expect(newer).toHaveCount(0);
  let seen = await numbers();
  while ((await older.count()) > 0) {
    await older.click();
    seen = [...(await numbers()), ...seen];
  }
  expect(seen).toEqual(posted.map((message) => message.seq));
  await expect(page.getByText("This is where the conversation begins.")).toBeVisible();

  seen = await numbers();
  while ((await newer.count()) > 0) {
    await newer.click();
    seen.push(...(await numbers()));
  }
  expect(seen).toEqual(posted.map((message) => message.seq));
});

test("a page of the history that is read downwards begins at its top", async ({ person, account }) => {
  const posted = await (await account("scribe")).postFast(180, "entry");
  const { page } = await person("plain");
  await page.goto(`${ROOM_PATH}?before=${posted[60].seq}`);
  await page.getByRole("link", { name: "Newer", exact: true }).click();
  await expect(saying(page, posted[60].body)).toBeInViewport();
});

test("what is written from further up, or as an answer, is shown at the end of the room", async ({ person, account }) => {
  const posted = await (await account("scribe")).postFast(120, "entry");
  const { page, name } = await person("plain");
  await page.goto(`${ROOM_PATH}?reply=${posted.at(-1)!.id}`);
  await expect(page.getByRole("link", { name: "Do not reply to this" })).toBeVisible();
  await box(page).fill(`an answer ${name}`);
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page).toHaveURL(new RegExp(`${ROOM_PATH}$`));
  await expect(saying(page, `an answer ${name}`)).toBeInViewport();
  await expect(page.getByRole("link", { name: "Do not reply to this" })).toHaveCount(0);
});

test("what was not read is reached by a link, and is read when one says so", async ({ person, account }) => {
  // Whoever signs up has missed nothing that was said before.
  const { page, account: reader } = await person("plain");
  const posted = await (await account("scribe")).postFast(120, "entry");
  await reader.read(posted[9].seq);
  await page.goto(ROOM_PATH);
  await page.getByRole("link", { name: "Jump to first unread" }).click();
  await expect(saying(page, posted[10].body)).toBeVisible();
  await expect(page.getByRole("separator", { name: "New messages" })).toHaveCount(1);
  expect((await reader.entry()).read, "a page that is looked at changes nothing").toBe(posted[9].seq);
  await page.goto(ROOM_PATH);
  await page.getByRole("button", { name: "Mark as read" }).click();
  await expect(page.getByRole("button", { name: "Mark as read" })).toHaveCount(0);
  expect((await reader.entry()).unread).toBe(0);
});
