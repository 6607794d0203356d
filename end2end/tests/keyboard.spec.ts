import type { Page } from "@playwright/test";
import { hasFocus, tabTo } from "../support/keyboard";
import { box, isConfirmed, log, openRoom, say, saying } from "../support/room";
import { expect, test } from "../support/test";

test.use({ alone: true });

// Nothing here touches a page but by its keyboard.

const stops = (page: Page) => log(page).locator("article[tabindex='0']");

test("a whole conversation by the keyboard and nothing else", async ({ person }) => {
  const [ines, mei] = [await person("ines"), await person("mei")];
  await openRoom(ines.page);
  await openRoom(mei.page);
  const page = mei.page;
  await tabTo(page, box(page));
  await page.keyboard.type("Who comes up to the dome?");
  await page.keyboard.press("Enter");
  await isConfirmed(saying(page, "Who comes up to the dome?"));
  await expect(box(page)).toBeFocused();
  await say(ines.page, "I do, with soup");
  const answer = saying(page, "I do, with soup");
  await expect(answer).toBeVisible();

  await test.step("answer it", async () => {
    await tabTo(page, stops(page), { back: true });
    await page.keyboard.press("End");
    await hasFocus(answer);
    await page.keyboard.press("r");
    await hasFocus(box(page));
    await page.keyboard.type("Which soup?");
    await page.keyboard.press("Enter");
    await isConfirmed(saying(page, "Which soup?"));
    await expect(saying(page, "Which soup?").locator(".quote")).toContainText("I do, with soup");
    await expect(saying(ines.page, "Which soup?").locator(".quote")).toContainText("I do, with soup");
  });

  await test.step("change what was written", async () => {
    await page.keyboard.press("ArrowUp");
    const field = log(page).locator("textarea");
    await expect(field).toBeFocused();
    await page.keyboard.press("End");
    await page.keyboard.type(" Pumpkin?");
    await page.keyboard.press("Enter");
    await expect(saying(ines.page, "Which soup? Pumpkin?")).toBeVisible();
    await expect(field).toHaveCount(0);
  });

  await test.step("give an emoji", async () => {
    await answer.focus();
    await page.keyboard.press("+");
    const dialog = page.getByRole("dialog", { name: "Emoji" });
    await expect(dialog.getByRole("searchbox")).toBeFocused();
    await page.keyboard.type("tada");
    await expect(dialog.getByRole("gridcell", { name: "party popper" })).toBeVisible();
    await page.keyboard.press("Enter");
    await expect(saying(ines.page, "I do, with soup").getByRole("button", { name: /🎉|party popper|, 1/ })).toBeVisible();
  });
});

test("the list is one stop, and arrows move inside of it", async ({ person, account }) => {
  const writer = await account("writer");
  await writer.postMany(40, "line");
  const { page } = await person("walker");
  await openRoom(page);
  await expect(stops(page)).toHaveCount(1);
  await tabTo(page, saying(page, "line 40"));
  await page.keyboard.press("ArrowUp");
  await hasFocus(saying(page, "line 39"));
  await expect(stops(page)).toHaveCount(1);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await hasFocus(saying(page, "line 40"));
  await page.keyboard.press("Home");
  await expect(saying(page, "line 40")).not.toBeInViewport();
  await page.keyboard.press("End");
  await hasFocus(saying(page, "line 40"));
  await page.keyboard.press("Escape");
  await hasFocus(box(page));
});

test("what is inside of a message is reached by Tab while it has the focus, and from no other", async ({ person, account }) => {
  const writers = [await account("one"), await account("two")];
  for (let turn = 0; turn < 6; turn += 1) await writers[turn % 2].post(`turn ${turn}`);
  const { page } = await person("tabber");
  await openRoom(page);
  const row = saying(page, "turn 3");
  await row.focus();
  await page.keyboard.press("Tab");
  await hasFocus(row.getByRole("link", { name: writers[1].name }));
  await expect(stops(page)).toHaveCount(1);
  const reachable = log(page).locator("article :is(a[href], button):not([tabindex='-1'])");
  const inRow = row.locator(":is(a[href], button):not([tabindex='-1'])");
  expect(await reachable.count()).toBe(await inRow.count());
});

test("keys that belong to the browser or to a field are left alone", async ({ person, account }) => {
  await (await account("writer")).postMany(3, "line");
  const { page } = await person("careful");
  await openRoom(page);
  const row = saying(page, "line 3");
  await row.focus();
  const taken = await row.evaluate((element) =>
    ["r", "e", "Enter"].filter(
      (key) => !element.dispatchEvent(new KeyboardEvent("keydown", { key, ctrlKey: true, bubbles: true, cancelable: true })),
    ),
  );
  expect(taken).toEqual([]);
  await expect(page.locator(".composer .quote")).toHaveCount(0);
  await box(page).pressSequentially("re+e");
  await expect(box(page)).toHaveValue("re+e");
});
