import { passesAxe } from "../support/look";
import { postIn } from "../support/message";
import { ROOM, ROOM_PATH } from "../support/person";
import { box, log, open, openRoom, saying } from "../support/room";
import { group, pathOf, row } from "../support/rooms";
import { expect, test } from "../support/test";

test.use({ alone: true });

type Page = Parameters<typeof row>[0];

const dialog = (page: Page) => page.getByRole("dialog", { name: "Jump to a room" });
const field = (page: Page) => dialog(page).getByRole("combobox", { name: "Room or person" });
const choices = (page: Page) => dialog(page).getByRole("option");

test("a few letters lead to a room, with the keyboard alone", async ({ person, account }) => {
  const [alice, bob] = [await person("alice"), await account("bob")];
  const dome = await group(alice.account, "Dome rota", [bob]);
  await group(alice.account, "Domestic matters", []);
  const { page } = alice;
  await openRoom(page);
  await postIn(bob, dome, "news");
  await expect(row(page, dome)).toHaveClass(/unread/);
  await box(page).press("Control+k");
  await expect(field(page)).toBeFocused();
  // What is unread comes first, and the room that is open is left out.
  await expect(choices(page).first()).toHaveText(/Dome rota/);
  await expect(choices(page)).toHaveCount(2);
  await passesAxe(page);
  await page.keyboard.type("dome");
  await expect(choices(page)).toHaveCount(2);
  await page.keyboard.press("ArrowDown");
  const marked = dialog(page).locator('[aria-selected="true"]');
  await expect(marked).toHaveAccessibleName("Domestic matters");
  await expect(field(page)).toHaveAttribute("aria-activedescendant", (await marked.getAttribute("id")) ?? "");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`${pathOf(dome)}$`));
  await expect(dialog(page)).toBeHidden();
  await expect(saying(page, "news")).toHaveCount(1);
  await expect(page.getByRole("region", { name: "Conversation" })).toBeFocused();
});

test("Escape closes the switcher, gives the focus back and changes nothing", async ({ person }) => {
  const { page } = await person("alice");
  await openRoom(page);
  await box(page).fill("half a thought");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("nothing is called like this");
  await expect(choices(page)).toHaveCount(0);
  await expect(dialog(page).getByRole("status")).toHaveText("Nothing is called like that.");
  await page.keyboard.press("Escape");
  await expect(dialog(page)).toBeHidden();
  await expect(box(page)).toBeFocused();
  await expect(box(page)).toHaveValue("half a thought");
  await page.getByRole("button", { name: "Jump to a room" }).click();
  await expect(field(page)).toHaveValue("");
  await page.mouse.click(5, 5);
  await expect(dialog(page)).toBeHidden();
});

test("people are found with whom there is no direct chat yet", async ({ person, account }) => {
  const [alice, bob] = [await person("alice"), await account("bob")];
  const { page } = alice;
  await openRoom(page);
  await page.keyboard.press("Control+k");
  await page.keyboard.type(bob.name);
  await choices(page).filter({ hasText: `@${bob.name}` }).click();
  await expect(page).toHaveURL(new RegExp(`/chat/(with/${bob.name}|room/[a-z0-9-]+)$`));
});

test("nothing is opened while an input method composes", async ({ person }) => {
  const { page } = await person("alice");
  await openRoom(page);
  const press = (isComposing: boolean) =>
    box(page).evaluate((element, isComposing) => {
      const options = { key: "k", ctrlKey: true, bubbles: true, cancelable: true, isComposing };
      return element.dispatchEvent(new KeyboardEvent("keydown", options));
    }, isComposing);
  expect(await press(true), "left to the input method").toBe(true);
  await expect(dialog(page)).toBeHidden();
  expect(await press(false)).toBe(false);
  await expect(dialog(page)).toBeVisible();
});

test("Alt and the arrows walk through the rooms, with Shift through the unread ones", async ({ person, account }) => {
  const [alice, bob] = [await person("alice"), await account("bob")];
  const slugs: string[] = [];
  for (const name of ["Third", "Second", "First"]) slugs.unshift(await group(alice.account, name, [bob]));
  const [first, second, third] = slugs;
  const { page } = alice;
  await open(page, pathOf(first));
  await expect(row(page, third)).toHaveCount(1);
  const at = (slug: string) => expect(row(page, slug)).toHaveAttribute("aria-current", "page");
  await at(first);
  await page.keyboard.press("Alt+ArrowDown");
  await at(second);
  await page.keyboard.press("Alt+ArrowDown");
  await at(third);
  await page.keyboard.press("Alt+ArrowUp");
  await at(second);
  await bob.call("/api/messages/post", { room: ROOM, body: "over here" });
  await expect(row(page, ROOM)).toHaveClass(/unread/);
  await page.keyboard.press("Alt+Shift+ArrowDown");
  await expect(page).toHaveURL(new RegExp(`${ROOM_PATH}$`));
});

test("who holds down the keys for the next room keeps the line", async ({ person, account }) => {
  const [{ page, account: alice }, bob] = [await person("alice"), await account("bob")];
  const slugs = [await group(alice, "One", [bob]), await group(alice, "Two", [bob])];
  const lines: string[] = [];
  page.on("websocket", (line) => lines.push(line.url()));
  await open(page, pathOf(slugs[0]));
  await expect(row(page, slugs[1])).toHaveCount(1);
  for (let time = 1; time <= 80; time += 1) {
    for (const [key, slug] of [["Alt+ArrowUp", slugs[1]], ["Alt+ArrowDown", slugs[0]]] as const) {
      await page.keyboard.press(key);
      await expect(row(page, slug)).toHaveAttribute("aria-current", "page");
    }
  }
  await postIn(bob, slugs[0], "still there?");
  await expect(saying(page, "still there?")).toBeVisible();
  expect(lines).toHaveLength(1);
});

test("the shortcuts are listed", async ({ person }) => {
  const { page } = await person("alice");
  await openRoom(page);
  await box(page).press("Control+/");
  const help = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(help).toBeVisible();
  await expect(help.getByText("Jump to a room")).toBeVisible();
  await passesAxe(page);
  await help.getByRole("button", { name: "Close" }).click();
  await expect(help).toBeHidden();
  await expect(box(page)).toBeFocused();
});

test("F6 goes through the regions and back", async ({ person }) => {
  const { page } = await person("alice");
  await openRoom(page);
  await box(page).focus();
  await page.keyboard.press("F6");
  await expect(row(page, ROOM)).toBeFocused();
  await page.keyboard.press("F6");
  await expect(log(page)).toBeFocused();
  await page.keyboard.press("F6");
  await expect(box(page)).toBeFocused();
  await page.keyboard.press("Shift+F6");
  await expect(log(page)).toBeFocused();
});

test("after a link the focus is on what it led to, and after a notice where it was", async ({ person }) => {
  const { page, name, context } = await person("alice");
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openRoom(page);
  await page.getByRole("button", { name: "Room menu" }).click();
  await page.getByRole("button", { name: "Copy link" }).click();
  const notice = page.getByRole("status").filter({ hasText: "Copied." });
  await box(page).focus();
  await notice.getByRole("button", { name: "Dismiss" }).focus();
  await page.keyboard.press("Enter");
  await expect(notice).toHaveCount(0);
  await expect(box(page)).toBeFocused();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(new RegExp(`^http.*${ROOM_PATH}$`));

  await page.getByRole("button", { name: `${name}, your account` }).click();
  await page.getByRole("link", { name: "Profile", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await page.goBack();
  await expect(page.getByRole("region", { name: "Conversation" })).toBeFocused();
});
