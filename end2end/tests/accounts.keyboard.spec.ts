import type { Locator, Page } from "@playwright/test";
import { REFUSED } from "../support/faults";
import { hasFocus, press, tabTo, typeInstead, typeInto } from "../support/keyboard";
import { PASSWORD, ROOM_PATH } from "../support/person";
import { open, ready } from "../support/room";
import { expect, test } from "../support/test";

// Nothing here touches a page but by its keyboard.

const ROOM_URL = new RegExp(`${ROOM_PATH}$`);
const SETTINGS = "/profile/settings";
const OTHER = "a bucket in the well";

const password = (page: Page): Locator => page.getByLabel("Password", { exact: true });
const button = (page: Page, name: string): Locator => page.getByRole("main").getByRole("button", { name, exact: true });
const link = (page: Page, name: string): Locator => page.getByRole("main").getByRole("link", { name, exact: true });
const title = (page: Page): Locator => page.getByRole("heading", { level: 1 });

/** Until another page is there and its scripts have taken over. */
async function arrives(page: Page, url: RegExp): Promise<void> {
  await expect(page).toHaveURL(url);
  await ready(page);
}

/** Until a page is there that says what was done by the one before, or this one does. */
async function says(page: Page, notice: string): Promise<void> {
  await expect(page.getByRole("status").filter({ hasText: notice })).toBeVisible();
  await ready(page);
}

test("somebody new signs up and says who they are", async ({ visitor, faults }) => {
  faults.expect(REFUSED);
  const page = await visitor();
  await open(page, "/");
  await press(page, link(page, "Sign up"));
  await arrives(page, /\/accounts\/signup$/);
  const [email, username] = [page.getByLabel("Email"), page.getByLabel("Username")];
  await typeInto(page, email, "by-keyboard@example.org");
  await typeInto(page, username, "by keyboard");
  await typeInto(page, password(page), "short");
  await press(page, button(page, "Sign up"));
  await expect(username).toHaveAttribute("aria-invalid", "true");
  await hasFocus(username);
  await typeInstead(page, "by-keyboard");
  await page.keyboard.press("Enter");
  await expect(username).not.toHaveAttribute("aria-invalid");
  await hasFocus(password(page));
  await typeInstead(page, PASSWORD);
  await press(page, button(page, "Sign up"));

  await arrives(page, /\/profile\/onboarding$/);
  await typeInto(page, page.getByLabel("Display name"), "Nobody's mouse");
  await press(page, button(page, "Save"));
  await arrives(page, ROOM_URL);
  await expect(page.getByRole("button", { name: "Nobody's mouse, your account" })).toBeVisible();
});

test("one logs in, sees what one types, and is remembered or not", async ({ visitor, account, faults }) => {
  faults.expect(REFUSED);
  const { name } = await account("keys");
  for (const remembered of [true, false]) {
    const page = await visitor();
    await open(page, "/accounts/login");
    await typeInto(page, page.getByLabel("Email or username"), name);
    await typeInto(page, password(page), "not the password");
    const show = button(page, "Show the password");
    await press(page, show);
    await expect(password(page)).toHaveAttribute("type", "text");
    await hasFocus(show);
    await page.keyboard.press("Space");
    await expect(password(page)).toHaveAttribute("type", "password");
    const remember = page.getByLabel("Remember me");
    await tabTo(page, remember);
    await expect(remember).toBeChecked();
    if (!remembered) await page.keyboard.press("Space");
    await press(page, button(page, "Log in"));
    // Which of the two is wrong is told to nobody, so nothing takes the focus away.
    await expect(page.getByRole("alert")).toHaveText("The name or the password is wrong.");
    await hasFocus(button(page, "Log in"));
    await expect(remember).toBeChecked({ checked: remembered });
    await tabTo(page, password(page), { back: true });
    await typeInstead(page, PASSWORD);
    await page.keyboard.press("Enter");
    await arrives(page, ROOM_URL);
    const session = (await page.context().cookies()).find((cookie) => cookie.name === "telicat");
    expect(session && session.expires > 0, "the browser keeps the session when it is closed").toBe(remembered);
  }
});

test("who forgot the password asks for another", async ({ visitor, account, faults }) => {
  faults.expect(REFUSED);
  const { email } = await account("forgetful");
  const page = await visitor();
  await open(page, "/accounts/login");
  await press(page, link(page, "Forgot your password?"));
  await arrives(page, /\/accounts\/password\/reset$/);
  await typeInto(page, page.getByLabel("Email"), "no address");
  await press(page, button(page, "Send the mail"));
  await expect(page.getByLabel("Email")).toHaveAttribute("aria-invalid", "true");
  await hasFocus(page.getByLabel("Email"));
  await typeInstead(page, email);
  await page.keyboard.press("Enter");
  await expect(title(page)).toHaveText("Look into your mail");
  await tabTo(page, link(page, "Send another mail"));
});

test("the menu opens, closes, and leads on", async ({ person }) => {
  const { name, page } = await person("menu");
  await open(page, SETTINGS);
  const me = page.getByRole("button", { name: `${name}, your account` });
  const profile = page.getByRole("link", { name: "Profile", exact: true });
  await press(page, me);
  await expect(profile).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(profile).toBeHidden();
  await hasFocus(me);
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByRole("button", { name: "Log out" }));
  await page.keyboard.press("Escape");
  await expect(profile).toBeHidden();
  await hasFocus(me);
  await page.keyboard.press("Enter");
  await press(page, profile);
  await expect(page).toHaveURL(new RegExp(`/@${name}$`));
  await tabTo(page, link(page, "Edit profile"));
});

test("a profile is edited", async ({ person, faults }) => {
  faults.expect(REFUSED);
  const { name, page } = await person("writer");
  await open(page, `/@${name}`);
  await press(page, link(page, "Edit profile"));
  await arrives(page, /\/profile\/edit$/);
  const display = page.getByLabel("Display name");
  await typeInto(page, display, "x".repeat(51));
  await typeInto(page, page.getByLabel("About"), "Dew heaters,");
  await page.keyboard.press("Enter");
  await page.keyboard.type("soup.");
  await press(page, button(page, "Save"));
  await expect(display).toHaveAttribute("aria-invalid", "true");
  await hasFocus(display);
  await typeInstead(page, "Writer of lines");
  await press(page, button(page, "Save"));
  await says(page, "Your profile is saved.");
  await expect(page).toHaveURL(new RegExp(`/@${name}$`));
  await expect(title(page)).toHaveText("Writer of lines");
  await expect(page.locator(".profile__about")).toHaveText("Dew heaters,\nsoup.", { useInnerText: true });
});

test("the form for another address takes the place of the line and gives it back", async ({ person, faults }) => {
  faults.expect(REFUSED);
  const { name, page } = await person("mover");
  await open(page, SETTINGS);
  const change = link(page, "Change Email");
  const email = page.getByLabel("New email");
  await press(page, change);
  await hasFocus(email);
  await press(page, link(page, "Cancel"));
  await expect(email).toHaveCount(0);
  await hasFocus(change);
  await page.keyboard.press("Enter");
  await hasFocus(email);
  await page.keyboard.type("no address");
  const save = page.locator("form[action='/api/profile/email']").getByRole("button", { name: "Save" });
  await press(page, save);
  await expect(email).toHaveAttribute("aria-invalid", "true");
  await hasFocus(email);
  await typeInstead(page, `${name}@elsewhere.example`);
  await press(page, save);
  await says(page, `A link is on its way to ${name}@elsewhere.example.`);
  await press(page, button(page, "Give this address up"));
  await says(page, "The new address is given up.");
  await expect(page.getByText(`${name}@elsewhere.example`, { exact: true })).toHaveCount(0);
});

test("another username is taken", async ({ person, account, faults }) => {
  faults.expect(REFUSED);
  const taken = await account("taken");
  const { name, page } = await person("renamed");
  await open(page, SETTINGS);
  const username = page.getByLabel("New username");
  await typeInto(page, username, taken.name);
  await press(page, button(page, "Change username"));
  await expect(username).toHaveAccessibleDescription(`@${taken.name} is taken. Choose another username.`);
  await hasFocus(username);
  await typeInstead(page, `${name}-again`);
  await page.keyboard.press("Enter");
  await says(page, "Your username is changed.");
  await expect(page.locator("#username-part")).toContainText(`Now @${name}-again.`);
});

test("arrows choose who sees the profile, and how the pages look", async ({ person }) => {
  const { page } = await person("chooser");
  await open(page, SETTINGS);
  const [everybody, people] = [page.getByLabel("Everybody"), page.getByLabel("People who are signed in")];
  const save = page.locator("#visibility-part").getByRole("button", { name: "Save" });
  await expect(everybody.or(people)).toHaveCount(2);
  const [from, to, key] = (await everybody.isChecked())
    ? ([everybody, people, "ArrowDown"] as const)
    : ([people, everybody, "ArrowUp"] as const);
  await tabTo(page, from);
  await page.keyboard.press(key);
  await expect(to).toBeChecked();
  await hasFocus(to);
  await press(page, save);
  await says(page, "Saved.");
  await hasFocus(save);

  const theme = (name: string) => page.locator("#appearance-part").getByLabel(name, { exact: true });
  const root = page.locator("html");
  await tabTo(page, theme("System"));
  for (const name of ["Light", "Dark", "Contrast"]) {
    await page.keyboard.press("ArrowDown");
    await expect(theme(name)).toBeChecked();
    await hasFocus(theme(name));
    await expect(root).toHaveAttribute("data-theme", name.toLowerCase());
  }
  await page.keyboard.press("ArrowUp");
  await expect(root).toHaveAttribute("data-theme", "dark");

  await page.reload();
  await ready(page);
  await expect(to).toBeChecked();
  await expect(theme("Dark")).toBeChecked();
});

test("what ends elsewhere leaves the focus in the list that it stood in", async ({ person, visitor }) => {
  const { name, page } = await person("roamer");
  const elsewhere = await visitor();
  await elsewhere.request.post("/api/accounts/login", { form: { login: name, password: PASSWORD } });
  await open(page, SETTINGS);
  const list = page.getByRole("list", { name: "Where you are signed in" });
  const end = list.getByRole("button", { name: /^End / });
  await expect(list.getByRole("listitem")).toHaveCount(2);
  await press(page, end);
  await says(page, "That session has ended.");
  await expect(list.getByRole("listitem")).toHaveCount(1);
  await hasFocus(list);
  await page.keyboard.press("Tab");
  await hasFocus(button(page, "Make a copy"));
  await elsewhere.goto(ROOM_PATH);
  await expect(elsewhere).toHaveURL(/\/accounts\/login/);
});

test("another password is chosen", async ({ person, faults }) => {
  faults.expect(REFUSED);
  const { page } = await person("changer");
  await open(page, SETTINGS);
  await press(page, link(page, "Change password"));
  await arrives(page, /\/accounts\/password\/change$/);
  const [current, next] = [page.getByLabel("Current password"), page.getByLabel("New password")];
  await typeInto(page, current, PASSWORD);
  await typeInto(page, next, "short");
  await press(page, button(page, "Change password"));
  await expect(next).toHaveAttribute("aria-invalid", "true");
  await hasFocus(next);
  await typeInstead(page, OTHER);
  await tabTo(page, current, { back: true });
  await typeInstead(page, "not the lantern");
  await press(page, button(page, "Change password"));
  await expect(current).toHaveAttribute("aria-invalid", "true");
  await hasFocus(current);
  await typeInstead(page, PASSWORD);
  await page.keyboard.press("Enter");
  await says(page, "Your password is changed. You are signed out everywhere else.");
  await expect(page).toHaveURL(new RegExp(`${SETTINGS}$`));
});

test("an account is deleted, and what it said with it", async ({ person, account, faults }) => {
  faults.expect(REFUSED);
  const leaver = await person("leaver");
  const { page } = leaver;
  const words = `last words of ${leaver.name}`;
  await leaver.account.post(words);
  const { cookie } = await account("reader");
  const room = async () => (await fetch(leaver.account.url + ROOM_PATH, { headers: { cookie: `telicat=${cookie}` } })).text();
  expect(await room()).toContain(words);
  await open(page, SETTINGS);
  await press(page, link(page, "Delete account"));
  await arrives(page, /\/profile\/delete$/);
  await tabTo(page, page.getByLabel(/^Stay, under/));
  await page.keyboard.press("ArrowDown");
  const erase = page.getByLabel("Go too, in every room");
  await expect(erase).toBeChecked();
  await hasFocus(erase);
  await typeInto(page, password(page), "not the lantern");
  await press(page, button(page, "Delete account"));
  await expect(password(page)).toHaveAttribute("aria-invalid", "true");
  await hasFocus(password(page));
  await expect(erase).toBeChecked();
  await typeInstead(page, PASSWORD);
  await press(page, button(page, "Delete account"));
  await says(page, "Your account is deleted.");
  await arrives(page, /\/$/);
  expect(await room()).not.toContain(words);
});

test("a refused form gives the focus to its own field, not to that of another", async ({ person, account, faults }) => {
  faults.expect(REFUSED);
  const taken = await account("taken");
  const { page } = await person("two");
  await open(page, SETTINGS);
  await press(page, page.getByRole("link", { name: "Change Email" }));
  const email = page.getByLabel("New email");
  await hasFocus(email);
  await page.keyboard.type("no address");
  await page.keyboard.press("Enter");
  await expect(email).toHaveAttribute("aria-invalid", "true");
  const username = page.getByLabel("New username");
  await typeInto(page, username, taken.name);
  await press(page, page.getByRole("button", { name: "Change username" }));
  await expect(username).toHaveAttribute("aria-invalid", "true");
  await hasFocus(username);
});

test("a notice stays while it has the focus", async ({ person }) => {
  const { page } = await person("slow");
  await page.clock.install();
  await open(page, SETTINGS);
  await press(page, page.locator("#visibility-part").getByRole("button", { name: "Save" }));
  const dismiss = page.getByRole("button", { name: "Dismiss" });
  await expect(dismiss).toBeVisible();
  await tabTo(page, dismiss);
  await page.clock.runFor(10_000);
  await hasFocus(dismiss);
});
