import type { Locator, Page } from "@playwright/test";
import { CUT, REFUSED } from "../support/faults";
import { ROOM_PATH } from "../support/person";
import { file, png } from "../support/picture";
import { box, connection, isSameDocument, mark, open, openRoom, saying } from "../support/room";
import { expect, test } from "../support/test";

const RED: [number, number, number] = [200, 30, 30];
const PICTURE = png(300, 200, RED);

const chooser = (page: Page): Locator => page.getByLabel("Picture", { exact: true });
const preview = (page: Page): Locator => page.getByRole("img", { name: "Your picture" });
const remove = (page: Page): Locator => page.getByRole("button", { name: "Remove the picture" });
const save = (page: Page): Locator => page.getByRole("main").getByRole("button", { name: "Save" });
const face = (row: Locator): Locator => row.locator(".message__face img");

/** That a picture has come, is square, and is red in its middle. */
async function isTheRedOne(picture: Locator): Promise<void> {
  await expect(picture).toBeVisible();
  await expect
    .poll(() =>
      picture.evaluate((element) => {
        const image = element as HTMLImageElement;
        if (!image.complete || image.naturalWidth === 0) return "not there yet";
        const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
        const context = canvas.getContext("2d")!;
        context.drawImage(image, image.naturalWidth / 2, image.naturalHeight / 2, 1, 1, 0, 0, 1, 1);
        const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
        const square = image.naturalWidth === image.naturalHeight;
        return square && red > 150 && green < 90 && blue < 90 ? "red" : `${image.naturalWidth}: ${red} ${green} ${blue}`;
      }),
    )
    .toBe("red");
}

/** Hands a file to the page as dropping or pasting does. */
async function hand(page: Page, how: "drop" | "paste", bytes: Buffer): Promise<void> {
  const selector = how === "drop" ? "form[action='/api/profile/edit']" : "body";
  await page.locator(selector).evaluate(
    (target, [how, base64]) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const data = new DataTransfer();
      data.items.add(new File([bytes], "me.png", { type: "image/png" }));
      const options = { bubbles: true, cancelable: true };
      const event =
        how === "drop"
          ? new DragEvent("drop", { ...options, dataTransfer: data })
          : new ClipboardEvent("paste", { ...options, clipboardData: data });
      target.dispatchEvent(event);
    },
    [how, bytes.toString("base64")] as const,
  );
}

test("a profile shows what it will be, and then is it", async ({ person }) => {
  const { page, name } = await person("mei");
  await open(page, `/@${name}`);
  await page.getByRole("main").getByRole("link", { name: "Edit profile" }).click();
  await page.locator("html[data-ready]").waitFor({ state: "attached" });
  const display = page.getByLabel("Display name");
  await expect(display).toHaveAccessibleDescription(`0 of 50 characters. Leave it empty to go by @${name}.`);
  await display.fill("Mei at the eyepiece");
  await expect(page.locator(".profile__name")).toHaveText("Mei at the eyepiece");
  await expect(display).toHaveAccessibleDescription(/^19 of 50 characters\./);
  await page.getByLabel("About").fill("Dew heaters,\nsoup.");
  await expect(page.getByLabel("About")).toHaveAccessibleDescription("18 of 2,000 characters. Line breaks are kept.");
  await chooser(page).setInputFiles(file("me.png", PICTURE));
  await isTheRedOne(preview(page));
  await expect(preview(page)).toHaveAttribute("src", /^blob:/);
  await save(page).click();

  await expect(page).toHaveURL(new RegExp(`/@${name}$`));
  await expect(page.getByRole("status").filter({ hasText: "Your profile is saved." })).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Mei at the eyepiece");
  const about = page.locator(".profile__about");
  expect(await about.evaluate((element) => (element as HTMLElement).innerText)).toBe("Dew heaters,\nsoup.");
  await isTheRedOne(page.getByRole("main").locator(".avatar img"));
  await expect(page.getByRole("button", { name: "Mei at the eyepiece, your account" }).locator("img")).toBeVisible();
});

for (const how of ["drop", "paste"] as const) {
  test(`a picture is chosen by ${how}`, async ({ person }) => {
    const { page, name } = await person("giver");
    await open(page, "/profile/edit");
    await hand(page, how, PICTURE);
    await isTheRedOne(preview(page));
    await save(page).click();
    await expect(page).toHaveURL(new RegExp(`/@${name}$`));
    await isTheRedOne(page.getByRole("main").locator(".avatar img"));
  });
}

test("a picture can be taken back before it is saved, and removed after", async ({ person }) => {
  const { page, name, account } = await person("shy");
  await account.editProfile({}, PICTURE);
  await open(page, "/profile/edit");
  const saved = await preview(page).getAttribute("src");
  await chooser(page).setInputFiles(file("other.png", png(50, 50, [0, 0, 255])));
  await expect(preview(page)).toHaveAttribute("src", /^blob:/);
  await remove(page).click();
  await expect(preview(page)).toHaveAttribute("src", saved!);
  await remove(page).click();
  await expect(preview(page)).toHaveCount(0);
  await expect(remove(page)).toHaveCount(0);
  await expect(chooser(page)).toBeFocused();
  await page.goto(`/@${name}`);
  await expect(page.getByRole("main").locator(".avatar img")).toHaveCount(0);
});

test("what is no picture is refused beside its button, and nothing else is lost", async ({ person, faults }) => {
  faults.expect(REFUSED);
  const { page } = await person("trickster");
  await open(page, "/profile/edit");
  await page.getByLabel("Display name").fill("Trickster");
  await chooser(page).setInputFiles(file("me.png", PICTURE));
  await isTheRedOne(preview(page));
  await chooser(page).setInputFiles(file("page.png", Buffer.from("<html><script>alert(1)</script>")));
  await expect(chooser(page)).toHaveAttribute("aria-invalid", "true");
  await expect(chooser(page)).toHaveAccessibleDescription(/^This is no picture that can be shown\./);
  await isTheRedOne(preview(page));
  await chooser(page).setInputFiles(file("heavy.png", Buffer.concat([PICTURE, Buffer.alloc(11 * 1024 * 1024)])));
  await expect(chooser(page)).toHaveAccessibleDescription("Too large. Choose one of at most 10 MB.");
  await expect(page.getByLabel("Display name")).toHaveValue("Trickster");

  await page.getByLabel("Display name").fill("x".repeat(51));
  await chooser(page).setInputFiles(file("me.png", PICTURE));
  await save(page).click();
  await expect(page.getByLabel("Display name")).toHaveAccessibleDescription("Too long. Use at most 50 characters.");
  await expect(page.getByLabel("Display name")).toBeFocused();
  await isTheRedOne(preview(page));
});

test("Enter in the name saves, and takes no picture away", async ({ person }) => {
  const { page, name, account } = await person("keys");
  await account.editProfile({}, PICTURE);
  await open(page, "/profile/edit");
  await page.getByLabel("Display name").fill("By keyboard");
  await page.getByLabel("Display name").press("Enter");
  await expect(page).toHaveURL(new RegExp(`/@${name}$`));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("By keyboard");
  await isTheRedOne(page.getByRole("main").locator(".avatar img"));
});

test("the button for a picture is reached and pressed by keyboard", async ({ person }) => {
  const { page } = await person("tabs");
  await open(page, "/profile/edit");
  for (let presses = 0; presses < 20; presses += 1) {
    if (await chooser(page).evaluate((field) => field === document.activeElement)) break;
    await page.keyboard.press("Tab");
  }
  await expect(chooser(page)).toBeFocused();
  const asked = page.waitForEvent("filechooser");
  await page.keyboard.press("Enter");
  await (await asked).setFiles(file("me.png", PICTURE));
  await isTheRedOne(preview(page));
});

test("who is new says who they are and is led on", async ({ person }) => {
  const { page, name } = await person("newcomer");
  await open(page, `/profile/onboarding?next=${encodeURIComponent(ROOM_PATH)}`);
  await expect(page.getByRole("link", { name: "Skip" })).toHaveAttribute("href", ROOM_PATH);
  await page.getByLabel("Display name").fill("New here");
  await save(page).click();
  await expect(page).toHaveURL(new RegExp(`${ROOM_PATH}$`));
  await page.goto(`/@${name}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("New here");
});

test("a new name, picture and username show on open pages of others at once", async ({ person, account }) => {
  const mei = await account("mei");
  await mei.post(`hello from ${mei.name}`);
  const { page } = await person("ines");
  await openRoom(page);
  await mark(page);
  const row = saying(page, `hello from ${mei.name}`);
  const author = row.getByRole("link", { name: mei.name, exact: true });
  await expect(author).toBeVisible();
  await mei.editProfile({ display_name: "Mei at the eyepiece" });
  await expect(row.getByRole("link", { name: "Mei at the eyepiece" })).toBeVisible();
  await mei.editProfile({}, PICTURE);
  await isTheRedOne(face(row));
  await mei.changeUsername(`${mei.name}-lin`);
  await expect(row.getByRole("link", { name: "Mei at the eyepiece" })).toHaveAttribute("href", `/@${mei.name}-lin`);
  await mei.post(`again from ${mei.name}`);
  await expect(saying(page, `again from ${mei.name}`)).toHaveCount(1);
  await isSameDocument(page);
});

test("a tab that was away learns who is called otherwise when it is back", async ({ person, account, faults }) => {
  faults.expect(CUT);
  const mei = await account("mei");
  await mei.post(`hello from ${mei.name}`);
  const { page, context } = await person("ines");
  await openRoom(page);
  await mark(page);
  const row = saying(page, `hello from ${mei.name}`);
  await expect(row).toHaveCount(1);
  await context.setOffline(true);
  await expect(connection(page)).toContainText("Not connected.", { timeout: 20_000 });
  await mei.editProfile({ display_name: "Somebody else" });
  await expect(row.getByRole("link", { name: mei.name, exact: true })).toBeVisible();
  await context.setOffline(false);
  await expect(row.getByRole("link", { name: "Somebody else" })).toBeVisible({ timeout: 30_000 });
  await isSameDocument(page);
});

test("another username keeps drafts, and the old address leads to the new one", async ({ person, faults }) => {
  faults.expect(REFUSED);
  const { page, name } = await person("mover");
  await open(page, ROOM_PATH);
  await box(page).fill("half a thought");
  await open(page, "/profile/settings");
  const part = page.locator("#username-part");
  await part.getByLabel("New username").fill("not a name");
  await part.getByRole("button", { name: "Change username" }).click();
  await expect(part.getByLabel("New username")).toHaveAccessibleDescription(/Use letters a to z/);
  await expect(part.getByLabel("New username")).toBeFocused();
  await part.getByLabel("New username").fill(`${name}-new`);
  await part.getByRole("button", { name: "Change username" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Your username is changed." })).toBeVisible();
  await page.goto(`/@${name.toUpperCase()}`);
  await expect(page).toHaveURL(new RegExp(`/@${name}-new$`));
  await page.goto("/profile");
  await expect(page).toHaveURL(new RegExp(`/@${name}-new$`));
  await open(page, ROOM_PATH);
  await expect(box(page)).toHaveValue("half a thought");
});

test("a hidden profile is for people who are signed in", async ({ person, visitor, faults }) => {
  faults.expect(REFUSED);
  const { page, name } = await person("private");
  const stranger = await visitor();
  expect((await stranger.goto(`/@${name}`))?.status()).toBe(200);
  await open(page, "/profile/settings");
  const part = page.locator("#visibility-part");
  await part.getByLabel("People who are signed in").check();
  await part.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Saved." })).toBeVisible();
  expect((await stranger.goto(`/@${name}`))?.status()).toBe(404);
  await page.reload();
  await expect(part.getByLabel("People who are signed in")).toBeChecked();
  const other = await person("neighbour");
  expect((await other.page.goto(`/@${name}`))?.status()).toBe(200);
});

test("the appearance is chosen in the settings, and the menu knows it", async ({ person }) => {
  const { page, name } = await person("looker");
  await open(page, "/profile/settings");
  const part = page.locator("#appearance-part");
  await expect(part.getByLabel("System")).toBeChecked();
  const saved = page.waitForResponse("**/api/appearance/set");
  await part.getByLabel("Contrast").check();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "contrast");
  expect((await saved).ok()).toBe(true);
  await page.getByRole("button", { name: `${name}, your account` }).click();
  await expect(page.getByRole("button", { name: "Contrast" })).toHaveAttribute("aria-pressed", "true");
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "contrast");
  await expect(part.getByLabel("Contrast")).toBeChecked();
});
