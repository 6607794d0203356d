import { REFUSED } from "../support/faults";
import { file, png } from "../support/picture";
import { expect, test } from "../support/test";

const PICTURE = png(300, 200, [200, 30, 30]);

test("a profile is edited without script, with its picture", async ({ person }) => {
  const { page, name } = await person("plain");
  const picture = page.getByLabel("Picture", { exact: true });
  const save = page.getByRole("main").getByRole("button", { name: "Save" });
  await page.goto("/profile/edit");
  await expect(picture).toBeInViewport();
  await expect(page.getByRole("button", { name: "Remove the picture" })).toHaveCount(0);

  await test.step("with mistakes", async () => {
    await picture.setInputFiles(file("page.png", Buffer.from("<html>")));
    await page.getByLabel("Display name").fill("Without any script");
    await page.getByLabel("About").fill("one\n\ntwo </textarea>");
    await save.click();
    await expect(page).toHaveURL(/\/profile\/edit$/);
    await expect(picture).toHaveAccessibleDescription(/^This is no picture that can be shown\./);
    await expect(page.getByLabel("Display name")).toHaveValue("Without any script");
    await expect(page.getByLabel("About")).toHaveValue("one\n\ntwo </textarea>");

    await picture.setInputFiles(file("me.png", PICTURE));
    await page.getByLabel("Display name").fill("x".repeat(51));
    await save.click();
    await expect(page.getByLabel("Display name")).toHaveAccessibleDescription("Too long. Use at most 50 characters.");
    await expect(picture).toHaveAccessibleDescription("The picture could not be kept meanwhile. Choose it again.");
  });

  await test.step("and then well", async () => {
    await picture.setInputFiles(file("me.png", PICTURE));
    await page.getByLabel("Display name").fill("Without any script");
    await save.click();
    await expect(page).toHaveURL(new RegExp(`/@${name}$`));
    await expect(page.getByRole("status").filter({ hasText: "Your profile is saved." })).toBeVisible();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Without any script");
    await expect(page.getByRole("main").locator(".avatar img")).toHaveAttribute("src", /\/384\.webp$/);
  });

  await test.step("without the picture", async () => {
    await page.getByRole("main").getByRole("link", { name: "Edit profile" }).click();
    await page.getByRole("checkbox", { name: "Remove the picture" }).check();
    await save.click();
    await expect(page).toHaveURL(new RegExp(`/@${name}$`));
    await expect(page.getByRole("main").locator(".avatar img")).toHaveCount(0);
  });
});

test("username, visibility and appearance are set without script", async ({ person, visitor, faults }) => {
  faults.expect(REFUSED);
  const { page, name } = await person("settled");
  await page.goto("/profile/settings");
  await page.getByLabel("New username").fill("a b");
  await page.getByRole("button", { name: "Change username" }).click();
  await expect(page).toHaveURL(/\/profile\/settings$/);
  await expect(page.getByLabel("New username")).toHaveValue("a b");
  await expect(page.getByLabel("New username")).toHaveAttribute("aria-invalid", "true");
  await page.getByLabel("New username").fill(`${name}-new`);
  await page.getByRole("button", { name: "Change username" }).click();
  await expect(page.getByText("Your username is changed.")).toBeVisible();

  const visibility = page.locator("#visibility-part");
  await visibility.getByLabel("People who are signed in").check();
  await visibility.getByRole("button", { name: "Save" }).click();
  await expect(visibility.getByLabel("People who are signed in")).toBeChecked();
  const stranger = await visitor();
  expect((await stranger.goto(`/@${name}-new`))?.status()).toBe(404);

  const appearance = page.locator("#appearance-part");
  await appearance.getByLabel("Dark").check();
  await appearance.getByRole("button", { name: "Save" }).click();
  await expect(page).toHaveURL(/\/profile\/settings$/);
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(appearance.getByLabel("Dark")).toBeChecked();
});
