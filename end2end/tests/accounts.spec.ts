import { REFUSED } from "../support/faults";
import { PASSWORD, ROOM_PATH } from "../support/person";
import { box, open, saying } from "../support/room";
import { expect, test } from "../support/test";

const ROOM_URL = new RegExp(`${ROOM_PATH}$`);

test("somebody new signs up and is in the room", async ({ visitor }) => {
  const page = await visitor();
  await open(page, "/");
  await page.getByRole("main").getByRole("link", { name: "Sign up" }).click();
  await page.getByLabel("Email").fill("newcomer@example.org");
  await page.getByLabel("Username").fill("newcomer");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign up" }).click();
  await expect(page).toHaveURL(/\/profile\/onboarding$/);
  await page.getByRole("link", { name: "Skip" }).click();
  await expect(page).toHaveURL(ROOM_URL);
  await expect(box(page)).toBeEditable();
});

test("what is wrong with a sign-up stands beside its field, and what was typed stays", async ({ visitor, faults }) => {
  faults.expect(REFUSED);
  const page = await visitor();
  await open(page, "/accounts/signup");
  const email = page.getByLabel("Email");
  const username = page.getByLabel("Username");
  const password = page.getByLabel("Password", { exact: true });
  await email.fill("no address");
  await username.fill("good_name");
  await password.fill("short");
  await page.getByRole("button", { name: "Sign up" }).click();

  await expect(email).toHaveAttribute("aria-invalid", "true");
  await expect(email).toHaveAccessibleDescription("This is not an address that mail can be sent to.");
  await expect(email).toBeFocused();
  await expect(password).toHaveAttribute("aria-invalid", "true");
  await expect(password).toHaveAccessibleDescription("Too short. Use at least 8 characters.");
  await expect(username).not.toHaveAttribute("aria-invalid");
  await expect(username).toHaveAccessibleDescription("Letters, digits, _ . and -. Others address you by it.");
  await expect(email).toHaveValue("no address");
  await expect(username).toHaveValue("good_name");
  await expect(page).toHaveURL(/\/accounts\/signup$/);
});

test("a name that is taken is refused by name, in any letter case", async ({ visitor, account, faults }) => {
  faults.expect(REFUSED);
  const { name } = await account("taken");
  const page = await visitor();
  await open(page, "/accounts/signup");
  await page.getByLabel("Email").fill(`other-${name}@example.org`);
  await page.getByLabel("Username").fill(name.toUpperCase());
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign up" }).click();
  const username = page.getByLabel("Username");
  await expect(username).toHaveAccessibleDescription(`@${name.toUpperCase()} is taken. Choose another username.`);
  await expect(username).toBeFocused();
});

for (const [how, typed] of [
  ["e-mail address", (name: string) => `${name}@example.org`],
  ["e-mail address in capitals", (name: string) => `${name}@EXAMPLE.ORG`],
  ["username", (name: string) => name],
  ["username in capitals", (name: string) => name.toUpperCase()],
] as const) {
  test(`one logs in by ${how}`, async ({ visitor, account }) => {
    const { name } = await account("regular");
    const page = await visitor();
    await open(page, "/accounts/login");
    await page.getByLabel("Email or username").fill(typed(name));
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: "Log in" }).click();
    await expect(page).toHaveURL(ROOM_URL);
    await expect(page.getByRole("button", { name: `${name}, your account` })).toBeVisible();
  });
}

test("a wrong password is answered in the page, and the name stays", async ({ visitor, account, faults }) => {
  faults.expect(REFUSED);
  const { name } = await account("forgetful");
  const page = await visitor();
  await open(page, "/accounts/login");
  await page.getByLabel("Email or username").fill(name);
  await page.getByLabel("Password", { exact: true }).fill("not the password");
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByRole("alert")).toHaveText("The name or the password is wrong.");
  await expect(page.getByLabel("Email or username")).toHaveValue(name);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page).toHaveURL(ROOM_URL);
});

test("the menu logs out, and the room is closed again", async ({ person }) => {
  const { name, page } = await person("leaver");
  await open(page, ROOM_PATH);
  await page.getByRole("button", { name: `${name}, your account` }).click();
  await page.getByRole("button", { name: "Log out" }).click();
  await expect(page).toHaveURL(/\/$/);
  await expect(page.getByRole("banner").getByRole("link", { name: "Log in" })).toBeVisible();
  await page.goto(ROOM_PATH);
  await expect(page).toHaveURL(/\/accounts\/login/);
});

test("a visitor of the room logs in first and comes back to it", async ({ visitor, account }) => {
  const { name } = await account("invited");
  const page = await visitor();
  await open(page, ROOM_PATH);
  await expect(page).toHaveURL(/\/accounts\/login\?next=/);
  await page.getByLabel("Email or username").fill(name);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page).toHaveURL(ROOM_URL);
});

test("the way back is kept by who signs up instead", async ({ visitor, account }) => {
  const { name } = await account("host");
  const page = await visitor();
  await open(page, `/accounts/login?next=${encodeURIComponent(`/@${name}`)}`);
  await page.getByRole("main").getByRole("link", { name: "Sign up" }).click();
  await page.getByLabel("Email").fill(`guest-of-${name}@example.org`);
  await page.getByLabel("Username").fill(`guest-of-${name}`);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign up" }).click();
  await expect(page).toHaveURL(/\/profile\/onboarding\?next=/);
  await page.getByRole("link", { name: "Skip" }).click();
  await expect(page).toHaveURL(new RegExp(`/@${name}$`));
});

for (const next of ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"]) {
  test(`logging in never leads to ${next}`, async ({ visitor, account }) => {
    const { name } = await account("careful");
    const page = await visitor();
    await open(page, `/accounts/login?next=${encodeURIComponent(next)}`);
    await page.getByLabel("Email or username").fill(name);
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: "Log in" }).click();
    await expect(page).toHaveURL(ROOM_URL);
  });
}

test("a button shows the password and hides it again", async ({ visitor }) => {
  const page = await visitor();
  await open(page, "/accounts/login");
  const password = page.getByLabel("Password", { exact: true });
  const show = page.getByRole("button", { name: "Show the password" });
  await password.fill("visible");
  await expect(password).toHaveAttribute("type", "password");
  await expect(show).toHaveAttribute("aria-pressed", "false");
  await show.click();
  await expect(password).toHaveAttribute("type", "text");
  await expect(password).toHaveValue("visible");
  await expect(show).toHaveAttribute("aria-pressed", "true");
  await show.click();
  await expect(password).toHaveAttribute("type", "password");
});

test("who is signed in goes from the start page, and from the forms, to the room", async ({ person }) => {
  const { page } = await person("member");
  for (const path of ["/", "/chat", "/accounts/login", "/accounts/signup"]) {
    await page.goto(path);
    await expect(page).toHaveURL(ROOM_URL);
  }
});

test("logging in and saying something takes a keyboard and nothing else", async ({ visitor, account }) => {
  const { name } = await account("keys");
  const page = await visitor();
  await open(page, "/accounts/login");
  const login = page.getByLabel("Email or username");
  for (let presses = 0; presses < 10 && !(await login.evaluate((field) => field === document.activeElement)); presses += 1) {
    await page.keyboard.press("Tab");
  }
  await expect(login).toBeFocused();
  await page.keyboard.type(name);
  await page.keyboard.press("Tab");
  await expect(page.getByLabel("Password", { exact: true })).toBeFocused();
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(ROOM_URL);
  await page.locator("html[data-ready]").waitFor({ state: "attached" });

  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the message box" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(box(page)).toBeFocused();
  await page.keyboard.type(`${name} was here`);
  await page.keyboard.press("Enter");
  await expect(saying(page, `${name} was here`)).toHaveAttribute("data-seq", /\d/);
  await expect(box(page)).toBeFocused();
});

test("the menu opens, chooses and closes by keyboard", async ({ person }) => {
  const { name, page } = await person("menu");
  await open(page, ROOM_PATH);
  const button = page.getByRole("button", { name: `${name}, your account` });
  await button.focus();
  await page.keyboard.press("Enter");
  const dark = page.getByRole("button", { name: "Dark" });
  await expect(dark).toBeVisible();
  await dark.focus();
  await page.keyboard.press("Space");
  await expect(dark).toHaveAttribute("aria-pressed", "true");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.keyboard.press("Escape");
  await expect(dark).toBeHidden();
  await expect(button).toBeFocused();
});
