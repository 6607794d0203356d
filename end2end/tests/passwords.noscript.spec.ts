import { linkTo } from "../support/outbox";
import { PASSWORD, ROOM_PATH } from "../support/person";
import { expect, test } from "../support/test";
import { REFUSED } from "../support/faults";

const ROOM_URL = new RegExp(`${ROOM_PATH}$`);
const OTHER = "a bucket in the well";
const THIRD = "a third one, for later";

test("passwords are forgotten, chosen and changed without script", async ({ visitor, account, server, faults }) => {
  faults.expect(REFUSED);
  const { name, email } = await account("plain-forgetful");
  const page = await visitor();

  await test.step("ask for a link, with a slip", async () => {
    await page.goto("/accounts/login");
    await page.getByRole("link", { name: "Forgot your password?" }).click();
    await page.getByLabel("Email").fill("no address");
    await page.getByRole("button", { name: "Send the mail" }).click();
    await expect(page.getByLabel("Email")).toHaveValue("no address");
    await expect(page.getByLabel("Email")).toHaveAccessibleDescription(
      "This is not an address that mail can be sent to.",
    );
    await page.getByLabel("Email").fill(email);
    await page.getByRole("button", { name: "Send the mail" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Look into your mail");
  });

  await test.step("choose another, with a slip", async () => {
    const link = await linkTo(server, email, "/accounts/password/reset/");
    await page.goto(link);
    await page.getByLabel("New password").fill("short");
    await page.getByRole("button", { name: "Save the password" }).click();
    await expect(page).toHaveURL(new RegExp(`${link}$`));
    await expect(page.getByLabel("New password")).toHaveAccessibleDescription("Too short. Use at least 8 characters.");
    await page.getByLabel("New password").fill(OTHER);
    await page.getByRole("button", { name: "Save the password" }).click();
    await expect(page).toHaveURL(/\/accounts\/login$/);
    await expect(page.getByText("Your password is changed. Log in with it.")).toBeVisible();
    const used = await page.request.get(link);
    expect(used.status()).toBe(410);
  });

  await test.step("log in with it", async () => {
    await page.getByLabel("Email or username").fill(name);
    await page.getByLabel("Password", { exact: true }).fill(OTHER);
    await page.getByRole("button", { name: "Log in" }).click();
    await expect(page).toHaveURL(ROOM_URL);
  });

  await test.step("change it, with slips", async () => {
    await page.goto("/accounts/password/change");
    await page.getByLabel("Current password").fill(PASSWORD);
    await page.getByLabel("New password").fill("short");
    await page.getByRole("button", { name: "Change password" }).click();
    await expect(page.getByLabel("Current password")).toHaveAccessibleDescription("This is not your password.");
    await expect(page.getByLabel("New password")).toHaveAccessibleDescription("Too short. Use at least 8 characters.");
    await expect(page.getByLabel("Current password")).toHaveValue("");
    await page.getByLabel("Current password").fill(OTHER);
    await page.getByLabel("New password").fill(THIRD);
    await page.getByRole("button", { name: "Change password" }).click();
    await expect(page).toHaveURL(/\/profile\/settings$/);
    await expect(page.getByText("Your password is changed. You are signed out everywhere else.")).toBeVisible();
  });
});

test("sessions are seen and ended without script", async ({ person, visitor }) => {
  const { name, page } = await person("plain-roamer");
  for (let sessions = 0; sessions < 2; sessions += 1) {
    const other = await visitor();
    await other.goto("/accounts/login");
    await other.getByLabel("Email or username").fill(name);
    await other.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await other.getByRole("button", { name: "Log in" }).click();
    await expect(other).toHaveURL(ROOM_URL);
  }
  await page.goto("/accounts/sessions");
  const list = page.getByRole("list", { name: "Where you are signed in" }).getByRole("listitem");
  await expect(list).toHaveCount(3);
  await expect(list.first()).toContainText("This one");
  await expect(list.last()).toContainText(/\d\d:\d\d UTC/);
  await list.last().getByRole("button", { name: /^End/ }).click();
  await expect(page).toHaveURL(/\/accounts\/sessions$/);
  await expect(page.getByText("That session has ended.")).toBeVisible();
  await expect(list).toHaveCount(2);
  await page.getByRole("button", { name: "End all others" }).click();
  await expect(page.getByText("You are signed out everywhere else.")).toBeVisible();
  await expect(list).toHaveCount(1);
});
