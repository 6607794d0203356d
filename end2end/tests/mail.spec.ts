import type { Locator, Page } from "@playwright/test";
import { CUT, REFUSED } from "../support/faults";
import { LOOKS, looksRight } from "../support/look";
import { linkIn, MailServer, type Manners } from "../support/mail";
import { PASSWORD, ROOM_PATH, type Person } from "../support/person";
import { open } from "../support/room";
import { Server } from "../support/server";
import { expect, test as base } from "../support/test";

interface Fixtures {
  manners: Manners;
  /** Behind the URL of the mail server. */
  encryption: string;
  args: string[];
  mail: MailServer;
}

const test = base.extend<Fixtures>({
  manners: [{}, { option: true }],
  encryption: ["", { option: true }],
  args: [[], { option: true }],

  mail: async ({ manners }, use) => {
    const mail = await MailServer.start(manners);
    await use(mail);
    await mail.stop();
  },

  server: async ({ mail, encryption, args }, use) => {
    const server = await Server.start(["--mail", mail.url + encryption, ...args]);
    await use(server);
    await server.stop();
  },
});

const part = (page: Page): Locator =>
  page.locator(".settings__part").filter({ has: page.getByRole("heading", { name: "Email", exact: true }) });

const verified = (page: Page): Locator => part(page).getByText("Verified", { exact: true });

/** Confirms an address by the link in its letter, as its person does. */
async function confirm(page: Page, link: string): Promise<void> {
  await open(page, link);
  await page.getByRole("button", { name: "Confirm this address" }).click();
  await expect(page).toHaveURL(/\/profile\/settings$/);
}

async function changeTo(page: Page, address: string): Promise<void> {
  await open(page, "/profile/settings");
  await part(page).getByRole("link", { name: "Change" }).click();
  await page.getByLabel("New email").fill(address);
  await part(page).getByRole("button", { name: "Save" }).click();
}

test("a letter arrives as text and as HTML, and its link confirms the address by a button", async ({
  mail,
  person,
  visitor,
  faults,
}) => {
  const { page, name, account } = await person("mei");
  const letter = await mail.letter(account.email);
  expect(letter.subject).toBe("Confirm your address");
  expect(letter.from?.value[0].address).toBe("telicat@localhost");
  expect(letter.text).toContain(`@${name}`);
  expect(letter.html).toContain(`@${name}`);
  const link = linkIn(letter);

  await open(page, link);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Confirm your address");
  await expect(page.getByRole("main")).toContainText(account.email);
  await open(page, "/profile/settings");
  await expect(part(page)).toContainText(account.email);
  await expect(verified(page), "looking changes nothing").toHaveCount(0);

  await confirm(page, link);
  await expect(page.getByRole("status").filter({ hasText: `${account.email} is confirmed.` })).toBeVisible();
  await expect(verified(page)).toBeVisible();

  faults.expect(REFUSED);
  const stranger = await visitor();
  const answer = await stranger.goto(link);
  expect(answer?.status()).toBe(410);
  await expect(stranger.getByRole("heading", { level: 1 })).toHaveText("This link works no more.");
  await expect(stranger.getByRole("link", { name: "To your settings" })).toBeVisible();
});

test("who is signed out confirms an address too, and is led to the login", async ({ mail, account, visitor }) => {
  const { email } = await account("away");
  const page = await visitor();
  await open(page, linkIn(await mail.letter(email)));
  await page.getByRole("button", { name: "Confirm this address" }).click();
  await expect(page).toHaveURL(/\/accounts\/login$/);
  await expect(page.getByRole("status").filter({ hasText: `${email} is confirmed.` })).toBeVisible();
});

test("the address is changed in place, and the old one stays until the new one is confirmed", async ({ mail, person }) => {
  const { page, name, account } = await person("mover");
  await confirm(page, linkIn(await mail.letter(account.email)));

  await test.step("the form takes the place of the line, and Cancel gives it back", async () => {
    const change = part(page).getByRole("link", { name: "Change" });
    await change.click();
    await expect(page.getByLabel("New email")).toBeFocused();
    await expect(change).toBeHidden();
    await part(page).getByRole("link", { name: "Cancel" }).click();
    await expect(change).toBeFocused();
    await expect(page.getByLabel("New email")).toHaveCount(0);
    await expect(page).toHaveURL(/\/profile\/settings$/);
  });

  const moved = `${name}@night.example`;
  await test.step("both are shown while one waits", async () => {
    await changeTo(page, moved);
    await expect(page.getByRole("status").filter({ hasText: `A link is on its way to ${moved}.` })).toBeVisible();
    await expect(part(page)).toContainText(account.email);
    await expect(part(page)).toContainText(moved);
    await expect(part(page)).toContainText("Stays yours until the new address is confirmed.");
    await expect(part(page).getByRole("button", { name: /^Send the link again/ })).toBeDisabled();
    await expect(part(page)).toContainText(/The next link may go at \d\d:\d\d/);
    const notice = await mail.letter(account.email, 1);
    expect(notice.text).toContain(moved);
    expect(notice.text).not.toContain("/accounts/email/confirm/");
  });

  await test.step("the link makes it the only one, and the old one is told", async () => {
    await confirm(page, linkIn(await mail.letter(moved)));
    await expect(part(page)).toContainText(moved);
    await expect(part(page)).not.toContainText(account.email);
    await expect(verified(page)).toBeVisible();
    expect((await mail.letter(account.email, 2)).subject).toBe("Your address was changed");
  });
});

test("what cannot be an address is said beside the field, and giving one up brings the line back", async ({
  person,
  faults,
}) => {
  faults.expect(REFUSED);
  const { page, name, account } = await person("unsure");
  await changeTo(page, "no address");
  const field = page.getByLabel("New email");
  await expect(field).toHaveAccessibleDescription("This is not an address that mail can be sent to.");
  await expect(field).toBeFocused();
  await expect(field).toHaveValue("no address");
  await field.fill(`${name}@night.example`);
  await field.press("Enter");
  await expect(part(page)).toContainText(`${name}@night.example`);
  await part(page).getByRole("button", { name: "Give this address up" }).click();
  await expect(page.getByRole("status").filter({ hasText: "The new address is given up." })).toBeVisible();
  await expect(part(page)).toContainText(account.email);
  await expect(part(page)).not.toContainText("night.example");
});

test("of two who claim one address, one gets it, and the other is told plainly", async ({ mail, person, faults }) => {
  faults.expect(REFUSED);
  const people: Person[] = [await person("early"), await person("late")];
  const links: string[] = [];
  for (const { page } of people) {
    await changeTo(page, "shared@night.example");
    await expect(part(page)).toContainText("shared@night.example");
    links.push(linkIn(await mail.letter("shared@night.example", links.length)));
  }
  await confirm(people[0].page, links[0]);
  const { page, account } = people[1];
  await open(page, links[1]);
  await page.getByRole("button", { name: "Confirm this address" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Somebody else has confirmed this address" })).toBeVisible();
  await open(page, "/profile/settings");
  await expect(part(page)).toContainText(account.email);
  await expect(part(page)).not.toContainText("shared@night.example");
});

test.describe("a mail server that offers no encryption where it is required", () => {
  test.use({ encryption: "?tls=required" });

  test("gets nothing, the mail waits, and no page does", async ({ mail, person, server, faults }) => {
    // While the server is away, the page of the room looks for it.
    faults.expect(CUT);
    const { page, account } = await person("careful");
    await open(page, ROOM_PATH);
    await expect.poll(() => server.log()).toContain("a mail could not be sent; it waits");
    expect(mail.begun).toBe(0);
    expect(server.log()).not.toContain(account.email);
    expect(server.log()).not.toContain("/accounts/email/confirm/");
    await server.kill();
    await server.startAgain(["--mail", mail.url]);
    await confirm(page, linkIn(await mail.letter(account.email)));
    expect(mail.to(account.email)).toHaveLength(1);
  });
});

test.describe("a mail server that answers late", () => {
  test.use({ manners: { sleeps: true } });

  test("holds up no page, and gets the mail once", async ({ mail, person, account }) => {
    const { page, account: patient } = await person("patient");
    await mail.letter(patient.email);
    await open(page, "/profile/settings");
    await expect(part(page)).toContainText(patient.email);
    mail.wakeUp();
    const next = await account("next");
    await mail.letter(next.email);
    expect(mail.to(patient.email)).toHaveLength(1);
  });
});

test.describe("a mail server that refuses at first", () => {
  test.use({ manners: { refuses: 2 } });

  test("gets the mail later, and once", async ({ mail, account, server }) => {
    test.setTimeout(90_000);
    const { email } = await account("again");
    await mail.letter(email);
    expect(mail.begun).toBe(3);
    expect(server.log()).toContain("451");
    expect(server.log()).not.toContain(email);
    const next = await account("after");
    await mail.letter(next.email);
    expect(mail.to(email)).toHaveLength(1);
  });
});

test.describe("where addresses are confirmed first", () => {
  test.use({ args: ["--verify-signups", "on"] });

  async function signUp(page: Page, email: string, username: string): Promise<void> {
    await open(page, "/accounts/signup");
    await page.getByLabel("Email").fill(email);
    await page.getByLabel("Username").fill(username);
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: "Sign up" }).click();
    await expect(page).toHaveURL(/\/accounts\/signup\/sent$/);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Look into your mail.");
  }

  async function logIn(page: Page, login: string): Promise<void> {
    await open(page, "/accounts/login");
    await page.getByLabel("Email or username").fill(login);
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: "Log in" }).click();
  }

  test("an account begins with its link, and nobody learns who has one", async ({ mail, visitor, faults }) => {
    faults.expect(REFUSED);
    const page = await visitor();
    await signUp(page, "newcomer@example.org", "newcomer");
    await logIn(page, "newcomer");
    await expect(page.getByRole("alert")).toContainText("The name or the password is wrong.");
    await open(page, linkIn(await mail.letter("newcomer@example.org")));
    await page.getByRole("button", { name: "Confirm this address" }).click();
    await expect(page).toHaveURL(/\/accounts\/login$/);
    await logIn(page, "newcomer");
    await expect(page).toHaveURL(new RegExp(`${ROOM_PATH}$`));

    const stranger = await visitor();
    await signUp(stranger, "newcomer@example.org", "somebody");
    const told = await mail.letter("newcomer@example.org", 1);
    expect(told.subject).toBe("You have an account already");
    expect(told.text).toContain("@newcomer");
  });
});

for (const { name: look, options } of LOOKS) {
  test(`the pages about addresses fit and are accessible, ${look}`, async ({ mail, person, faults }, info) => {
    faults.expect(REFUSED);
    const { page, name, account } = await person("mei", options);
    const link = linkIn(await mail.letter(account.email));
    await open(page, link);
    await looksRight(page, info, "confirm");
    await confirm(page, link);
    await changeTo(page, `${name}.with.a.rather.long.name.before.the.sign@night.hollowhill.example`);
    await expect(part(page)).toContainText("hollowhill.example");
    await looksRight(page, info, "settings-with-two-addresses");
    await open(page, "/profile/settings?edit=email");
    await expect(page.getByLabel("New email")).toBeVisible();
    await looksRight(page, info, "settings-with-the-form");
    await open(page, link);
    await looksRight(page, info, "expired");
    await open(page, "/accounts/signup/sent");
    await looksRight(page, info, "letter-sent");
  });
}
