import { PASSWORD, ROOM_PATH } from "../support/person";
import { box, isConfirmed, messages, saying } from "../support/room";
import { expect, test } from "../support/test";

const ROOM_URL = new RegExp(`${ROOM_PATH}$`);

test("everything from signing up to leaving works without script", async ({ visitor, account }) => {
  const { name: taken } = await account("resident");
  const name = `plain-${taken}`;
  const page = await visitor();

  await test.step("sign up, with mistakes", async () => {
    await page.goto("/");
    await page.getByRole("main").getByRole("link", { name: "Sign up" }).click();
    await page.getByLabel("Email").fill(`${name}@example.org`);
    await page.getByLabel("Username").fill(taken);
    await page.getByLabel("Password", { exact: true }).fill("short");
    await page.getByRole("button", { name: "Sign up" }).click();
    await expect(page).toHaveURL(/\/accounts\/signup$/);
    await expect(page.getByLabel("Password", { exact: true })).toHaveAccessibleDescription(
      "Too short. Use at least 8 characters.",
    );
    await expect(page.getByLabel("Password", { exact: true })).toHaveValue("");
    await expect(page.getByLabel("Email")).toHaveValue(`${name}@example.org`);
    await expect(page.getByLabel("Username")).toHaveValue(taken);

    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: "Sign up" }).click();
    await expect(page.getByLabel("Username")).toHaveAttribute("aria-invalid", "true");
    await expect(page.getByLabel("Username")).toHaveAccessibleDescription(
      `@${taken} is taken. Choose another username.`,
    );

    await page.getByLabel("Username").fill(name);
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: "Sign up" }).click();
    await expect(page).toHaveURL(/\/profile\/onboarding$/);
    await page.getByRole("link", { name: "Skip" }).click();
    await expect(page).toHaveURL(ROOM_URL);
  });

  await test.step("say something", async () => {
    await box(page).fill(`without any script ${name}`);
    await page.getByRole("button", { name: "Send" }).click();
    await expect(page).toHaveURL(ROOM_URL);
    await isConfirmed(saying(page, `without any script ${name}`));
    await expect(box(page)).toHaveValue("");
  });

  await test.step("say too much", async () => {
    const count = await messages(page).count();
    const long = "w".repeat(10_001);
    await box(page).fill(long);
    await page.getByRole("button", { name: "Send" }).click();
    await expect(box(page)).toHaveAccessibleDescription(
      "A message has at most 10,000 characters. Shorten it, or send it in parts.",
    );
    await expect(box(page)).toHaveAttribute("aria-invalid", "true");
    await expect(box(page)).toHaveValue(long);
    await expect(messages(page)).toHaveCount(count);
    await page.goto(ROOM_PATH);
    await expect(box(page)).toHaveValue("");
  });

  await test.step("choose the dark", async () => {
    await page.getByRole("button", { name: `${name}, your account` }).click();
    await page.getByRole("button", { name: "Dark" }).click();
    await expect(page).toHaveURL(ROOM_URL);
    await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
    await page.getByRole("button", { name: `${name}, your account` }).click();
    await expect(page.getByRole("button", { name: "Dark" })).toHaveAttribute("aria-pressed", "true");
    await page.keyboard.press("Escape");
  });

  await test.step("leave", async () => {
    await page.getByRole("button", { name: `${name}, your account` }).click();
    await page.getByRole("button", { name: "Log out" }).click();
    await expect(page).toHaveURL(/\/$/);
    await page.goto(ROOM_PATH);
    await expect(page).toHaveURL(/\/accounts\/login\?next=/);
  });

  await test.step("come back, with a slip", async () => {
    await page.getByLabel("Email or username").fill(name);
    await page.getByLabel("Password", { exact: true }).fill("not the password");
    await page.getByRole("button", { name: "Log in" }).click();
    await expect(page).toHaveURL(/\/accounts\/login\?next=/);
    await expect(page.getByRole("alert")).toHaveText("The name or the password is wrong.");
    await expect(page.getByLabel("Email or username")).toHaveValue(name);
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: "Log in" }).click();
    await expect(page).toHaveURL(ROOM_URL);
    await isConfirmed(saying(page, `without any script ${name}`));
  });
});

test("without script nothing is shown that needs one", async ({ person, visitor }) => {
  const page = await visitor();
  await page.goto("/accounts/login");
  await expect(page.getByRole("button", { name: "Show the password" })).toBeHidden();
  const member = await person("bare");
  await member.page.goto(ROOM_PATH);
  await expect(member.page.getByRole("button", { name: "Show older messages" })).toBeHidden();
  await expect(member.page.getByRole("button", { name: /newest|new$/ })).toHaveCount(0);
});

test("without script a room shows its newest messages first", async ({ person, account }) => {
  const posted = await (await account("prolific")).postMany(60, "plain");
  const { page } = await person("plain");
  await page.goto(ROOM_PATH);
  await expect(saying(page, posted.at(-1)!.body).last()).toBeInViewport({ ratio: 1 });
});

test("pressing Send twice without script sends once", async ({ person }) => {
  const { page, name } = await person("double");
  await page.goto(ROOM_PATH);
  await box(page).fill(`once ${name}`);
  await page.getByRole("button", { name: "Send" }).dblclick();
  await isConfirmed(saying(page, `once ${name}`));
});
