import type { Page } from "@playwright/test";
import { CUT, REFUSED } from "../support/faults";
import { looksRightEverywhere } from "../support/look";
import { PASSWORD, ROOM_PATH } from "../support/person";
import { messages, open, openRoom, saying } from "../support/room";
import { expect, test } from "../support/test";
import type { Server } from "../support/server";

const ROOM_URL = new RegExp(`${ROOM_PATH}$`);

async function fillAccount(page: Page, name: string): Promise<void> {
  await page.getByLabel("Email").fill(`${name}@example.org`);
  await page.getByLabel("Username").fill(name);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
}

/** Somebody who runs the site, by the link that was printed. */
async function becomeOwner(page: Page, server: Server, name: string): Promise<void> {
  await open(page, await server.firstOwner());
  await fillAccount(page, name);
  await page.getByRole("button", { name: "Create the owner's account" }).click();
  await expect(page).toHaveURL(ROOM_URL);
}

test.describe("by invitation", () => {
  test.use({ alone: true, flags: ["--signups", "invite"] });

  test("an owner comes by the printed link, invites, and the invited signs up", async ({ visitor, server, faults }, info) => {
    info.setTimeout(180_000);
    faults.expect(REFUSED);
    const olga = await visitor();
    const link = await server.firstOwner();
    await open(olga, link);
    await expect(olga.getByRole("heading", { level: 1 })).toHaveText("Run this site");
    await looksRightEverywhere(olga, info, "first-owner");
    await fillAccount(olga, "olga");
    await olga.getByLabel("Password", { exact: true }).fill("short");
    await olga.getByRole("button", { name: "Create the owner's account" }).click();
    await expect(olga.getByLabel("Password", { exact: true })).toBeFocused();
    await expect(olga.getByLabel("Username")).toHaveValue("olga");
    await olga.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await olga.getByRole("button", { name: "Create the owner's account" }).click();
    await expect(olga).toHaveURL(ROOM_URL);
    await expect(olga.getByRole("status").filter({ hasText: "You run this site from now on." })).toBeVisible();

    const late = await visitor();
    expect((await late.goto(link))?.status()).toBe(410);
    await looksRightEverywhere(late, info, "first-owner-expired");

    await olga.getByRole("button", { name: "olga, your account" }).click();
    await olga.getByRole("link", { name: "Invitations" }).click();
    await expect(olga.getByText("There is no open invitation.")).toBeVisible();
    await olga.getByLabel("Note").fill("the club");
    await olga.getByLabel("Number of uses").fill("0");
    await olga.getByRole("button", { name: "Create invitation" }).click();
    await expect(olga.getByLabel("Number of uses")).toBeFocused();
    await expect(olga.getByLabel("Number of uses")).toHaveAccessibleDescription("Type a number from 1 to 1000.");
    await expect(olga.getByLabel("Note")).toHaveValue("the club");
    await olga.getByLabel("Number of uses").fill("1");
    await olga.getByRole("button", { name: "Create invitation" }).click();
    const field = olga.getByLabel("Invitation link");
    await expect(field).toHaveValue(/\/accounts\/signup\?invitation=[0-9a-f]{64}$/);
    const invitation = new URL(await field.inputValue());
    await looksRightEverywhere(olga, info, "invitations");
    await olga.reload();
    await expect(field).toHaveCount(0);
    await expect(olga.getByRole("listitem").filter({ hasText: "the club" })).toContainText("1 use left");

    const guest = await visitor();
    await open(guest, "/accounts/signup");
    await expect(guest.getByRole("heading", { level: 1 })).toHaveText("Signups are by invitation");
    await expect(guest.getByLabel("Username")).toHaveCount(0);
    await looksRightEverywhere(guest, info, "invitation-needed");
    await open(guest, invitation.pathname + invitation.search);
    // To the login page and back, and over a mistake.
    await guest.getByRole("main").getByRole("link", { name: "Log in" }).click();
    await guest.getByRole("main").getByRole("link", { name: "Sign up" }).click();
    await fillAccount(guest, "olga");
    await guest.getByRole("button", { name: "Sign up" }).click();
    await expect(guest.getByLabel("Username")).toBeFocused();
    await fillAccount(guest, "guest");
    await guest.getByRole("button", { name: "Sign up" }).click();
    await expect(guest).not.toHaveURL(/signup/);

    const second = await visitor();
    expect((await second.goto(invitation.pathname + invitation.search))?.status()).toBe(410);
    await expect(second.getByRole("heading", { level: 1 })).toHaveText("This invitation works no more");
    expect((await guest.goto("/invitations"))?.status()).toBe(404);
  });

  test("an invitation is taken back", async ({ visitor, server }) => {
    const page = await visitor();
    await becomeOwner(page, server, "olga");
    await open(page, "/invitations");
    await page.getByLabel("Note").fill("by mistake");
    await page.getByRole("button", { name: "Create invitation" }).click();
    await expect(page.getByLabel("Invitation link")).toBeVisible();
    await page.getByRole("button", { name: "Revoke by mistake" }).click();
    await expect(page.getByRole("status").filter({ hasText: "The invitation works no more." })).toBeVisible();
    await expect(page.getByText("There is no open invitation.")).toBeVisible();
  });
});

test.describe("the owner", () => {
  test.use({ alone: true });

  test("who is signed in takes the site over with one button", async ({ person, server }, info) => {
    const { page, name } = await person("taker");
    await open(page, await server.firstOwner());
    await expect(page.getByText(`You are signed in as @${name}.`)).toBeVisible();
    await looksRightEverywhere(page, info, "first-owner-signed-in");
    await page.getByRole("button", { name: "Become the owner" }).click();
    await expect(page).toHaveURL(ROOM_URL);
    await page.getByRole("button", { name: `${name}, your account` }).click();
    await expect(page.getByRole("link", { name: "Invitations" })).toBeVisible();
  });

  test("who is kept out by the command line is told so on the open page", async ({ person, server }) => {
    const { page, name } = await person("kept");
    await openRoom(page);
    await server.admin("deactivate", name);
    await expect(page.getByRole("status", { name: "Connection" })).toContainText("You are signed out here.");
  });
});

test("deleting an account asks, and keeps the messages without a name, live", async ({ person, faults }, info) => {
  faults.expect(REFUSED);
  const [leaver, witness] = [await person("leaver"), await person("witness")];
  await leaver.account.post(`what ${leaver.name} said`);
  await openRoom(witness.page);
  const row = saying(witness.page, `what ${leaver.name} said`);
  await expect(row.getByRole("link", { name: leaver.name })).toBeVisible();

  const { page } = leaver;
  await open(page, "/profile/settings");
  await page.getByRole("main").getByRole("link", { name: "Delete account" }).click();
  await expect(page).toHaveURL(/\/profile\/delete$/);
  await expect(page.getByLabel(/^Stay/)).toBeChecked();
  await looksRightEverywhere(page, info, "profile-delete");
  const password = page.getByLabel("Password", { exact: true });
  await password.fill("not the lantern");
  await page.getByRole("button", { name: "Delete account" }).click();
  await expect(password).toBeFocused();
  await expect(password).toHaveAccessibleDescription("This is not your password.");
  await password.fill(PASSWORD);
  await page.getByRole("button", { name: "Delete account" }).click();
  await expect(page).toHaveURL(/\/$/);
  await expect(page.getByRole("status").filter({ hasText: "Your account is deleted." })).toBeVisible();
  await expect(page.getByRole("banner").getByRole("link", { name: "Log in" })).toBeVisible();

  // The page of somebody else, which nobody loaded again.
  await expect(row.getByText("Deleted person")).toBeVisible();
  await expect(row.locator('a[href^="/@"]')).toHaveCount(0);
  await witness.page.reload();
  await expect(row.getByText("Deleted person")).toBeVisible();
  await expect(row.locator('a[href^="/@"]')).toHaveCount(0);
  await open(page, "/accounts/login");
  await page.getByLabel("Email or username").fill(leaver.name);
  await password.fill(PASSWORD);
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByRole("alert")).toHaveText("The name or the password is wrong.");
});

test("erased messages go from open pages at once, and from one that was offline when it is back", async ({ person, faults }) => {
  faults.expect(CUT);
  const [leaver, witness, away] = [await person("eraser"), await person("watcher"), await person("away")];
  const said = `a secret of ${leaver.name}`;
  const { seq } = await leaver.account.post(said);
  await openRoom(witness.page);
  await openRoom(away.page);
  await expect(saying(away.page, said)).toBeVisible();
  await away.context.setOffline(true);

  await open(leaver.page, "/profile/delete");
  await leaver.page.getByLabel(/^Go too/).check();
  await leaver.page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await leaver.page.getByRole("button", { name: "Delete account" }).click();
  await expect(leaver.page).toHaveURL(/\/$/);

  const erased = (page: Page) => messages(page).and(page.locator(`[data-seq="${seq}"]`));
  await expect(erased(witness.page)).toContainText("This message was deleted.");
  await expect(saying(witness.page, said)).toHaveCount(0);
  await expect(saying(away.page, said)).toBeVisible();
  await away.context.setOffline(false);
  await expect(erased(away.page)).toContainText("This message was deleted.");
  await expect(saying(away.page, said)).toHaveCount(0);
  await witness.page.reload();
  await expect(erased(witness.page)).toContainText("This message was deleted.");
});

test("a copy of all data is made while one looks, and can be had", async ({ person }) => {
  const { page, name, account } = await person("copier");
  await account.postMany(5, `word of ${name}`);
  await open(page, "/profile/settings");
  const part = page.locator("#your-data");
  await part.getByRole("button", { name: "Make a copy" }).click();
  await expect(part.getByRole("status")).toContainText("A copy is ready:");
  const downloading = page.waitForEvent("download");
  await part.getByRole("link", { name: "Download" }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe(`telicat-${name}.zip`);
  expect(await download.failure()).toBeNull();
  await page.reload();
  await expect(part.getByRole("status")).toContainText("A copy is ready:");
});
