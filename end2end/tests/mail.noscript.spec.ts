import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Server } from "../support/server";
import { expect, test } from "../support/test";

test.use({ alone: true });

/** The link to confirm an address in the newest letter to it, which lies in the outbox because there is no mail server. */
async function link(server: Server, recipient: string): Promise<string> {
  const outbox = join(server.data, "outbox");
  let found: string | undefined;
  await expect(async () => {
    const names = (await readdir(outbox)).filter((name) => name.endsWith(".eml")).sort();
    const letters = await Promise.all(names.map((name) => readFile(join(outbox, name), "utf8")));
    const letter = letters.findLast((letter) => letter.includes(`To: ${recipient}\r\n`));
    found = /^http\S+\/accounts\/email\/confirm\/[0-9a-f]{64}/m.exec(letter ?? "")?.[0];
    expect(found).toBeDefined();
  }).toPass();
  return found as string;
}

test("an address is confirmed, changed and given up without script", async ({ person, server }) => {
  const { page, name, account } = await person("plain");
  const part = page.locator(".settings__part").filter({ has: page.getByRole("heading", { name: "Email", exact: true }) });

  await test.step("the link leads to a button, and the button confirms", async () => {
    await page.goto(await link(server, account.email));
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Confirm your address");
    await page.getByRole("button", { name: "Confirm this address" }).click();
    await expect(page).toHaveURL(/\/profile\/settings$/);
    await expect(page.getByText(`${account.email} is confirmed.`)).toBeVisible();
    await expect(part.getByText("Verified", { exact: true })).toBeVisible();
  });

  await test.step("Change is a page with the form, which keeps what was typed", async () => {
    await part.getByRole("link", { name: "Change" }).click();
    await expect(page).toHaveURL(/\/profile\/settings\?edit=email$/);
    await page.getByLabel("New email").fill("no address");
    await part.getByRole("button", { name: "Save" }).click();
    await expect(page.getByLabel("New email")).toHaveValue("no address");
    await expect(page.getByLabel("New email")).toHaveAccessibleDescription(
      "This is not an address that mail can be sent to.",
    );
    await part.getByRole("link", { name: "Cancel" }).click();
    await expect(page).toHaveURL(/\/profile\/settings$/);
    await expect(page.getByLabel("New email")).toHaveCount(0);
  });

  const moved = `${name}@night.example`;
  await test.step("a new address waits, and says when the next link may go", async () => {
    await part.getByRole("link", { name: "Change" }).click();
    await page.getByLabel("New email").fill(moved);
    await part.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText(`A link is on its way to ${moved}.`)).toBeVisible();
    await expect(part).toContainText(account.email);
    await expect(part.getByRole("button", { name: /^Send the link again/ })).toBeDisabled();
    await expect(part).toContainText(/The next link may go at \d\d:\d\d UTC/);
  });

  await test.step("it is given up, asked for by another, and confirmed", async () => {
    await part.getByRole("button", { name: "Give this address up" }).click();
    await expect(page.getByText("The new address is given up.")).toBeVisible();
    await expect(part).not.toContainText(moved);
    await part.getByRole("link", { name: "Change" }).click();
    await page.getByLabel("New email").fill(`second.${moved}`);
    await part.getByRole("button", { name: "Save" }).click();
    await expect(part).toContainText(`second.${moved}`);
    await page.goto(await link(server, `second.${moved}`));
    await page.getByRole("button", { name: "Confirm this address" }).click();
    await expect(part).toContainText(`second.${moved}`);
    await expect(part).not.toContainText(account.email);
  });
});
