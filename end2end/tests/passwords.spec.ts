import { REFUSED } from "../support/faults";
import { linkTo, mailsTo } from "../support/outbox";
import { PASSWORD, ROOM_PATH } from "../support/person";
import { box, connection, open, openRoom } from "../support/room";
import { expect, test } from "../support/test";
import type { Page } from "@playwright/test";

const ROOM_URL = new RegExp(`${ROOM_PATH}$`);
const OTHER = "a bucket in the well";
const RESET = "/accounts/password/reset";

async function logIn(page: Page, name: string, password: string): Promise<void> {
  await open(page, "/accounts/login");
  await page.getByLabel("Email or username").fill(name);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
}

test("another password ends what is open elsewhere and goes on here", async ({ person, visitor, server }) => {
  const { name, account, page } = await person("changer");
  const elsewhere = await visitor();
  await logIn(elsewhere, name, PASSWORD);
  await expect(elsewhere).toHaveURL(ROOM_URL);
  await openRoom(elsewhere);

  await open(page, "/profile/settings");
  await expect(page.getByText("Never changed since you signed up.")).toBeVisible();
  await page.getByRole("link", { name: "Change password" }).click();
  await page.getByLabel("Current password").fill(PASSWORD);
  await page.getByLabel("New password").fill(OTHER);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page).toHaveURL(/\/profile\/settings$/);
  await expect(page.getByText("Your password is changed. You are signed out everywhere else.")).toBeVisible();
  await expect(page.getByText(/^Changed today at \d\d:\d\d\.$/)).toBeVisible();
  await expect(connection(elsewhere)).toContainText("You are signed out here.");
  await openRoom(page);
  await expect(box(page)).toBeEditable();
  await expect.poll(async () => (await mailsTo(server, account.email)).join()).toContain("was changed");

  await elsewhere.goto(ROOM_PATH);
  await expect(elsewhere).toHaveURL(/\/accounts\/login/);
  await logIn(elsewhere, name, OTHER);
  await expect(elsewhere).toHaveURL(ROOM_URL);
});

test("what is wrong with a change stands beside its field, and what was typed stays", async ({ person, faults }) => {
  faults.expect(REFUSED);
  const { page } = await person("slipper");
  await open(page, "/accounts/password/change");
  const current = page.getByLabel("Current password");
  const password = page.getByLabel("New password");
  await current.fill("not the lantern");
  await password.fill("short");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(current).toHaveAccessibleDescription("This is not your password.");
  await expect(current).toBeFocused();
  await expect(password).toHaveAccessibleDescription("Too short. Use at least 8 characters.");
  await expect(current).toHaveValue("not the lantern");
  await expect(password).toHaveValue("short");
  await current.fill(PASSWORD);
  await password.fill(PASSWORD);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(password).toHaveAccessibleDescription("This is a password that you have already. Choose another.");
  await expect(current).not.toHaveAttribute("aria-invalid");
  await expect(password).toBeFocused();
});

test("who forgot the password gets a link by mail and logs in with another", async ({ visitor, account, server, faults }) => {
  faults.expect(REFUSED);
  const { name, email } = await account("forgetful");
  const page = await visitor();
  await open(page, "/accounts/login");
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  await page.getByLabel("Email").fill(email);
  await page.getByRole("button", { name: "Send the mail" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Look into your mail");

  const link = await linkTo(server, email, `${RESET}/`);
  const referrers: string[] = [];
  page.on("request", (request) => referrers.push(request.headers().referer ?? ""));
  await open(page, link);
  const password = page.getByLabel("New password");
  await password.fill("short");
  await page.getByRole("button", { name: "Save the password" }).click();
  await expect(password).toHaveAccessibleDescription("Too short. Use at least 8 characters.");
  await expect(password).toBeFocused();
  await password.fill(OTHER);
  await page.getByRole("button", { name: "Save the password" }).click();
  await expect(page).toHaveURL(/\/accounts\/login$/);
  await expect(page.getByText("Your password is changed. Log in with it.")).toBeVisible();
  expect(referrers.filter((referrer) => referrer.includes(link))).toEqual([]);

  await logIn(page, name, OTHER);
  await expect(page).toHaveURL(ROOM_URL);
  const used = await page.goto(link);
  expect(used?.status()).toBe(410);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("This link works no more.");
  await page.getByRole("link", { name: "Get a new link" }).click();
  await expect(page).toHaveURL(new RegExp(`${RESET}$`));
});

test("a link that is used up while its page is open says so there", async ({ visitor, account, server, faults }) => {
  faults.expect(REFUSED);
  const { email } = await account("twice");
  const page = await visitor();
  await page.request.post("/api/accounts/password/reset/request", { form: { email } });
  const link = await linkTo(server, email, `${RESET}/`);
  await open(page, link);
  await page.request.post("/api/accounts/password/reset/request", { form: { email } });
  await page.getByLabel("New password").fill(OTHER);
  await page.getByRole("button", { name: "Save the password" }).click();
  await expect(page.getByRole("alert")).toHaveText("This link was used before or has expired.");
  await expect(page.getByRole("link", { name: "Get a new link" })).toBeVisible();
  await expect(page.getByLabel("New password")).toHaveValue(OTHER);
});

test("whether an address has an account shows nowhere", async ({ visitor, account }) => {
  const { email } = await account("hidden");
  const seen: string[] = [];
  for (const typed of [email, `nobody-${email}`]) {
    const page = await visitor();
    await open(page, RESET);
    await page.getByLabel("Email").fill(typed);
    await page.getByRole("button", { name: "Send the mail" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Look into your mail");
    seen.push(`${new URL(page.url()).pathname} ${await page.getByRole("main").innerText()}`);
  }
  expect(seen[0]).toBe(seen[1]);
});

test("one sees where one is signed in, and ends what is elsewhere", async ({ person, visitor }) => {
  const { name, page } = await person("roamer");
  const phone = await visitor({
    userAgent:
      "Mozilla/5.0 (Linux; Android 15; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
  });
  await logIn(phone, name, PASSWORD);
  await expect(phone).toHaveURL(ROOM_URL);
  await openRoom(phone);

  await open(page, "/accounts/sessions");
  const list = page.getByRole("list", { name: "Where you are signed in" });
  await expect(list.getByRole("listitem")).toHaveCount(2);
  await expect(list.getByRole("listitem").first()).toContainText("This one");
  const other = list.getByRole("listitem").filter({ hasText: "Chrome on Android" });
  await expect(other).toContainText(/Last here today at \d\d:\d\d/);
  await expect(other).toContainText("from 127.0.0.1");
  await other.getByRole("button", { name: "End Chrome on Android" }).click();
  await expect(list.getByRole("listitem")).toHaveCount(1);
  await expect(page.getByText("That session has ended.")).toBeVisible();
  await expect(list).toBeFocused();
  await expect(connection(phone)).toContainText("You are signed out here.");
});

test("all others are ended at once, from the settings too", async ({ person, visitor }) => {
  const { name, page } = await person("keeper");
  for (let sessions = 0; sessions < 2; sessions += 1) {
    const other = await visitor();
    await logIn(other, name, PASSWORD);
    await expect(other).toHaveURL(ROOM_URL);
  }
  await open(page, "/profile/settings");
  const list = page.getByRole("list", { name: "Where you are signed in" });
  await expect(list.getByRole("listitem")).toHaveCount(3);
  await page.getByRole("button", { name: "End all others" }).click();
  await expect(list.getByRole("listitem")).toHaveCount(1);
  await expect(page.getByText("You are signed in nowhere else.")).toBeVisible();
  await expect(page.getByRole("button", { name: "End all others" })).toHaveCount(0);
});

test("a password that was typed long ago is asked for in the form, which then goes on by itself", async ({
  person,
  visitor,
  faults,
}) => {
  faults.expect(REFUSED);
  const { name, page } = await person("stale");
  const other = await visitor();
  await logIn(other, name, PASSWORD);
  await expect(other).toHaveURL(ROOM_URL);
  await open(page, "/accounts/sessions");
  // What the server says when five minutes have passed, which a test does not wait for.
  await page.route(
    "**/api/accounts/sessions/end-others",
    (route) =>
      route.fulfill({
        status: 403,
        headers: { serverfnerror: "/api/accounts/sessions/end-others" },
        contentType: "application/json",
        body: JSON.stringify({ error: "password_needed" }),
      }),
    { times: 1 },
  );
  const button = page.getByRole("button", { name: "End all others" });
  await expect(page.getByLabel("Current password")).toHaveCount(0);
  await button.click();
  const current = page.getByLabel("Current password");
  await expect(current).toBeFocused();
  await current.fill("not the lantern");
  await button.click();
  await expect(current).toHaveAccessibleDescription("This is not your password.");
  await current.fill(PASSWORD);
  await page.keyboard.press("Enter");
  await expect(page.getByText("You are signed in nowhere else.")).toBeVisible();
  await page.reload();
  await expect(page.getByRole("list", { name: "Where you are signed in" }).getByRole("listitem")).toHaveCount(1);
});
