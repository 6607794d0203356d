import { PASSWORD, ROOM_PATH } from "../support/person";
import { messages } from "../support/room";
import { expect, test } from "../support/test";

const ROOM_URL = new RegExp(`${ROOM_PATH}$`);

test.describe("by invitation", () => {
  test.use({ alone: true, flags: ["--signups", "invite"] });

  test("the first owner, an invitation and its guest need no script", async ({ visitor, server }) => {
    const olga = await visitor();
    await olga.goto(await server.firstOwner());
    await olga.getByLabel("Email").fill("olga@example.org");
    await olga.getByLabel("Username").fill("olga");
    await olga.getByLabel("Password", { exact: true }).fill("short");
    await olga.getByRole("button", { name: "Create the owner's account" }).click();
    await expect(olga.getByLabel("Password", { exact: true })).toHaveAccessibleDescription(
      "Too short. Use at least 8 characters.",
    );
    await expect(olga.getByLabel("Username")).toHaveValue("olga");
    await olga.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await olga.getByRole("button", { name: "Create the owner's account" }).click();
    await expect(olga).toHaveURL(ROOM_URL);

    await olga.goto("/invitations");
    await olga.getByLabel("Note").fill("the club");
    await olga.getByLabel("Days until it expires").fill("91");
    await olga.getByRole("button", { name: "Create invitation" }).click();
    await expect(olga.getByLabel("Days until it expires")).toHaveAccessibleDescription("Type a number from 1 to 90.");
    await expect(olga.getByLabel("Note")).toHaveValue("the club");
    await olga.getByLabel("Days until it expires").fill("90");
    await olga.getByRole("button", { name: "Create invitation" }).click();
    const invitation = new URL(await olga.getByLabel("Invitation link").inputValue());
    await olga.reload();
    await expect(olga.getByLabel("Invitation link")).toHaveCount(0);

    const guest = await visitor();
    await guest.goto(invitation.pathname + invitation.search);
    await guest.getByLabel("Email").fill("guest@example.org");
    await guest.getByLabel("Username").fill("olga");
    await guest.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await guest.getByRole("button", { name: "Sign up" }).click();
    await expect(guest.getByLabel("Username")).toHaveAccessibleDescription("@olga is taken. Choose another username.");
    await guest.getByLabel("Username").fill("guest");
    await guest.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await guest.getByRole("button", { name: "Sign up" }).click();
    await expect(guest).not.toHaveURL(/signup/);
  });
});

test("an account is deleted with its messages, and a copy of its data made, without script", async ({ person }) => {
  const { page, account, name } = await person("plain-leaver");
  const witness = await person("plain-witness");
  const { seq } = await account.post(`a plain secret of ${name}`);

  await page.goto("/profile/settings");
  const part = page.locator("#your-data");
  await part.getByRole("button", { name: "Make a copy" }).click();
  await expect(page).toHaveURL(/\/profile\/settings$/);
  await expect(async () => {
    await page.reload();
    await expect(part.getByRole("link", { name: "Download" })).toBeVisible({ timeout: 100 });
  }).toPass();

  await page.goto("/profile/delete");
  await page.getByLabel(/^Go too/).check();
  await page.getByLabel("Password", { exact: true }).fill("not the lantern");
  await page.getByRole("button", { name: "Delete account" }).click();
  await expect(page.getByLabel("Password", { exact: true })).toHaveAccessibleDescription("This is not your password.");
  await expect(page.getByLabel(/^Go too/)).toBeChecked();
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Delete account" }).click();
  await expect(page).toHaveURL(/\/$/);
  await expect(page.getByText("Your account is deleted.")).toBeVisible();

  await witness.page.goto(ROOM_PATH);
  const row = messages(witness.page).and(witness.page.locator(`[data-seq="${seq}"]`));
  await expect(row).toContainText("This message was deleted.");
  await expect(row).toContainText("Deleted person");
  await expect(row.locator('a[href^="/@"]')).toHaveCount(0);
});
