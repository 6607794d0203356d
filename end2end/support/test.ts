import { expect, test as base, type BrowserContext, type BrowserContextOptions, type Page } from "@playwright/test";
import { Faults } from "./faults";
import { Account, type Person } from "./person";
import { Server } from "./server";

interface Fixtures {
  /** Whether the test has a server with nothing in it to itself. */
  alone: boolean;
  /** Flags of `telicat serve` for a server of its own. */
  flags: string[];
  server: Server;
  faults: Faults;
  /** A browser in which nobody is signed in. */
  visitor: (options?: BrowserContextOptions) => Promise<Page>;
  /** An account whose name begins like that. */
  account: (name: string) => Promise<Account>;
  /** The same with a browser that is signed in. */
  person: (name: string, options?: BrowserContextOptions) => Promise<Person>;
}

interface WorkerFixtures {
  sharedServer: Server;
}

let names = 0;

export const test = base.extend<Fixtures, WorkerFixtures>({
  alone: [false, { option: true }],
  flags: [[], { option: true }],

  sharedServer: [
    async ({}, use) => {
      const server = await Server.start();
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],

  server: async ({ alone, flags, sharedServer }, use) => {
    if (!alone && flags.length === 0) {
      await use(sharedServer);
      return;
    }
    const server = await Server.start(flags);
    await use(server);
    await server.stop();
  },

  faults: async ({}, use) => {
    const faults = new Faults();
    await use(faults);
    faults.assertNone();
  },

  visitor: async ({ browser, server, faults }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (options) => {
      const context = await browser.newContext({ baseURL: server.url, ...options });
      contexts.push(context);
      await faults.watch(context);
      return context.newPage();
    });
    for (const context of contexts) await context.close();
  },

  account: async ({ server }, use) => {
    await use((name) => Account.signUp(server.url, `${name}${(names += 1)}`));
  },

  person: async ({ account, visitor, server }, use) => {
    await use(async (name, options) => {
      const signedUp = await account(name);
      const page = await visitor(options);
      const context = page.context();
      await context.addCookies([
        { name: "telicat", value: signedUp.cookie, url: server.url, httpOnly: true, sameSite: "Lax" },
      ]);
      return { name: signedUp.name, account: signedUp, context, page };
    });
  },
});

export { expect };
