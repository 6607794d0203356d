import type { BrowserContextOptions, Page } from "@playwright/test";
import { BROKEN, REFUSED } from "../support/faults";
import { fitsInWidth, keep, LOOKS, looksRight, SIZES } from "../support/look";
import { linkTo } from "../support/outbox";
import { PASSWORD, ROOM_PATH, type Account, type Person } from "../support/person";
import { file, png } from "../support/picture";
import { box, open, openRoom, say, saying } from "../support/room";
import type { Server } from "../support/server";
import { expect, test } from "../support/test";

const NARROW = { width: 320, height: 640 };

interface Cast {
  server: Server;
  visitor: (options: BrowserContextOptions) => Promise<Page>;
  account: (name: string) => Promise<Account>;
  person: (name: string, options: BrowserContextOptions) => Promise<Person>;
}

/** A screen, as somebody would come to it. */
type Screen = (cast: Cast, options: BrowserContextOptions) => Promise<Page>;

const SCREENS: Record<string, Screen> = {
  home: async ({ visitor }, options) => {
    const page = await visitor(options);
    await open(page, "/");
    return page;
  },
  login: async ({ visitor }, options) => {
    const page = await visitor(options);
    await open(page, "/accounts/login");
    return page;
  },
  "signup with mistakes": async ({ visitor }, options) => {
    const page = await visitor(options);
    await open(page, "/accounts/signup");
    await page.getByLabel("Email").fill("no address");
    await page.getByLabel("Username").fill("mei");
    await page.getByRole("button", { name: "Sign up" }).click();
    await expect(page.getByLabel("Email")).toBeFocused();
    return page;
  },
  "change of password with mistakes": async ({ person }, options) => {
    const { page } = await person("mei", options);
    await open(page, "/accounts/password/change");
    await page.getByLabel("Current password").fill("not it");
    await page.getByRole("button", { name: "Change password" }).click();
    await expect(page.getByLabel("Current password")).toBeFocused();
    return page;
  },
  "forgotten password": async ({ visitor }, options) => {
    const page = await visitor(options);
    await open(page, "/accounts/password/reset");
    return page;
  },
  "mail sent": async ({ visitor }, options) => {
    const page = await visitor(options);
    await open(page, "/accounts/password/reset?sent=1");
    return page;
  },
  "chosen password": async ({ server, visitor, account }, options) => {
    const { email } = await account("mei");
    const page = await visitor(options);
    await page.request.post("/api/accounts/password/reset/request", { form: { email } });
    await open(page, await linkTo(server, email, "/accounts/password/reset/"));
    return page;
  },
  "expired link": async ({ visitor }, options) => {
    const page = await visitor(options);
    await open(page, `/accounts/password/reset/${"0".repeat(64)}`);
    return page;
  },
  sessions: async ({ server, person }, options) => {
    const { page, name } = await person("mei", options);
    for (const userAgent of ["Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "curl/8.14.1"]) {
      const headers = { "user-agent": userAgent, accept: "application/json" };
      const answer = await fetch(`${server.url}/api/accounts/login`, {
        method: "POST",
        headers,
        body: new URLSearchParams({ login: name, password: PASSWORD }),
      });
      expect(answer.ok).toBe(true);
    }
    await open(page, "/accounts/sessions");
    await expect(page.getByRole("listitem")).toHaveCount(3);
    return page;
  },
  "empty room": async ({ person }, options) => {
    const { page } = await person("first", options);
    await openRoom(page);
    return page;
  },
  room: async ({ person, account }, options) => {
    const ines = await account("ines");
    const tomasz = await account("tomasz");
    const { page, account: me } = await person("mei", options);
    await ines.post("Clouds should break at nine. Who is coming up to the dome?");
    await ines.post("The key is where it always is.\n\nBring something warm: the heater in the warm room is not.");
    await me.post("I am. I bring the other dew heater and soup.");
    await tomasz.post("Then I bring bread, and 62 better frames than yesterday.");
    await tomasz.post(`https://example.org/${"a-very-long-address-without-a-place-to-break-".repeat(4)}`);
    await openRoom(page);
    await page.route("**/api/messages/post", (route) =>
      route.fulfill({ status: 500, contentType: "application/json", body: JSON.stringify({ error: "internal" }) }),
    );
    await say(page, "And somebody should feed the cat.");
    await expect(saying(page, "And somebody should feed the cat.")).toHaveClass(/message--failed/);
    await box(page).fill("A draft\nof two lines");
    return page;
  },
  menu: async ({ person }, options) => {
    const { page, name } = await person("mei", options);
    await openRoom(page);
    if ((options.viewport?.width ?? 0) < 700) await page.goto(`${ROOM_PATH}#rooms`);
    await page.getByRole("button", { name: `${name}, your account` }).click();
    await expect(page.getByRole("button", { name: "Log out" })).toBeVisible();
    return page;
  },
  profile: async ({ person, account }, options) => {
    const { name } = await account("ines");
    const { page } = await person("mei", options);
    await open(page, `/@${name}`);
    return page;
  },
  "profile with a picture": async ({ person }, options) => {
    const { page, name, account: me } = await person("mei", options);
    const about = `I look at the Moon because she is bright enough for my street.\nDew heaters, soup, bicycle.\n\n${"w".repeat(200)}`;
    await me.editProfile({ display_name: "Mei at the eyepiece", about }, png(400, 300, [120, 190, 190]));
    await open(page, `/@${name}`);
    return page;
  },
  welcome: async ({ person }, options) => {
    const { page } = await person("mei", options);
    await open(page, "/profile/onboarding");
    return page;
  },
  "edit profile with mistakes": async ({ person }, options) => {
    const { page, account: me } = await person("mei", options);
    await me.editProfile({ about: "Dew heaters, soup, bicycle." }, png(400, 300, [120, 190, 190]));
    await open(page, "/profile/edit");
    await page.getByLabel("Picture", { exact: true }).setInputFiles(file("page.png", Buffer.from("<html>")));
    await expect(page.getByLabel("Picture", { exact: true })).toHaveAttribute("aria-invalid", "true");
    await page.getByLabel("Display name").fill("w".repeat(51));
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByLabel("Display name")).toHaveAttribute("aria-invalid", "true");
    return page;
  },
  "not found": async ({ visitor }, options) => {
    const page = await visitor(options);
    await open(page, "/no/such/place");
    return page;
  },
};

for (const [name, screen] of Object.entries(SCREENS)) {
  test.describe(name, () => {
    test.use({ alone: name.includes("room") });

    for (const { name: look, options } of LOOKS) {
      test(`fits and is accessible, ${look}`, async ({ server, visitor, account, person, faults }, info) => {
        faults.expect(REFUSED, BROKEN);
        const page = await screen({ server, visitor, account, person }, options);
        await looksRight(page, info, `${name} ${look}`);
      });
    }
  });

  test(`${name} fits a screen of 320 pixels`, async ({ server, visitor, account, person, faults }, info) => {
    faults.expect(REFUSED, BROKEN);
    const page = await screen({ server, visitor, account, person }, { viewport: NARROW });
    await keep(page, info, `${name} 320`);
    await fitsInWidth(page);
  });
}

test("on a phone the rooms are a screen of their own, and back leads back", async ({ person }, info) => {
  const { page } = await person("pocket", { viewport: SIZES[0] });
  await openRoom(page);
  const rooms = page.getByRole("navigation", { name: "Rooms" });
  await expect(rooms).toBeHidden();
  await expect(box(page)).toBeVisible();
  await page.getByRole("link", { name: "All rooms" }).click();
  await expect(page).toHaveURL(/#rooms$/);
  await expect(rooms).toBeInViewport();
  await expect(box(page)).toBeHidden();
  await looksRight(page, info, "rooms 390x844");
  await page.goBack();
  await expect(rooms).toBeHidden();
  await expect(box(page)).toBeVisible();
  await page.getByRole("link", { name: "All rooms" }).click();
  await rooms.getByRole("listitem").getByRole("link").click();
  await expect(page).toHaveURL(new RegExp(`${ROOM_PATH}$`));
  await expect(box(page)).toBeVisible();
});

test("a chosen theme is in the page before any script, and follows the reader", async ({ person }) => {
  const { page, name, context } = await person("owl", { colorScheme: "light" });
  await open(page, ROOM_PATH);
  const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await background();
  await page.getByRole("button", { name: `${name}, your account` }).click();
  const saved = page.waitForResponse("**/api/appearance/set");
  await page.getByRole("button", { name: "Dark" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  const dark = await background();
  expect(dark).not.toBe(light);
  expect((await saved).ok()).toBe(true);

  const html = await (await context.request.get(ROOM_PATH)).text();
  expect(html).toMatch(/<html[^>]* data-theme="dark"/);
  await page.reload();
  expect(await background()).toBe(dark);
  await page.goto(`/@${name}`);
  expect(await background()).toBe(dark);

  await open(page, ROOM_PATH);
  await page.getByRole("button", { name: `${name}, your account` }).click();
  const back = page.waitForResponse("**/api/appearance/set");
  await page.getByRole("button", { name: "System" }).click();
  await expect(page.locator("html")).not.toHaveAttribute("data-theme");
  await back;
  await page.reload();
  expect(await background()).toBe(light);
});

test("an unknown address is a page that says so, with a way home", async ({ visitor, person, faults }) => {
  faults.expect(REFUSED);
  const page = await visitor();
  for (const path of ["/no/such/place", "/@nobody-of-that-name", "/nothing"]) {
    const answer = await page.goto(path);
    expect(answer?.status(), path).toBe(404);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("This line ends here.");
  }
  await page.getByRole("link", { name: "To the start page" }).click();
  await expect(page).toHaveURL(/\/$/);

  const member = await person("lost");
  const answer = await member.page.goto("/chat/room/no-such-room");
  expect(answer?.status()).toBe(404);
  await member.page.getByRole("link", { name: "To the public chat" }).click();
  await expect(member.page).toHaveURL(new RegExp(`${ROOM_PATH}$`));
});

test("who asked for less motion sees none", async ({ person }) => {
  const { page, name } = await person("still", { reducedMotion: "reduce" });
  await openRoom(page);
  await page.getByRole("button", { name: `${name}, your account` }).click();
  await say(page, "still");
  const moving = await page.evaluate(() =>
    [...document.querySelectorAll("*")]
      .filter((element) => {
        const style = getComputedStyle(element);
        const lengths = `${style.transitionDuration}, ${style.animationDuration}`.split(", ");
        return lengths.some((length) => Number.parseFloat(length) > 0.001);
      })
      .map((element) => `${element.nodeName} ${element.className}`),
  );
  expect(moving).toEqual([]);
});

test("forced colours leave everything to be seen and used", async ({ person }, info) => {
  const { page, name } = await person("contrast", { forcedColors: "active" });
  await openRoom(page);
  await say(page, `clear ${name}`);
  await expect(saying(page, `clear ${name}`)).toBeVisible();
  await expect(page.getByRole("button", { name: "Send" })).toBeVisible();
  await keep(page, info, "forced-colours-1440x900");
});
