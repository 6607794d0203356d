import { expect, type BrowserContext } from "@playwright/test";

/** What went wrong in the pages of a test without anybody seeing it: it fails the test at its end. */
export class Faults {
  private readonly found: string[] = [];
  private readonly expected: RegExp[] = [];

  async watch(context: BrowserContext): Promise<void> {
    context.on("weberror", (error) => this.found.push(`thrown: ${error.error().stack ?? error.error().message}`));
    context.on("console", (message) => {
      if (message.type() === "error") this.found.push(`console: ${message.text()} (${message.location().url})`);
    });
    await context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        console.error(`policy: ${event.violatedDirective} refused ${event.blockedURI} ${event.sample}`);
      });
    });
  }

  /** The test provokes this. */
  expect(...messages: RegExp[]): void {
    this.expected.push(...messages);
  }

  assertNone(): void {
    const surprising = this.found.filter((fault) => !this.expected.some((expected) => expected.test(fault)));
    expect(surprising, "errors in the pages").toEqual([]);
  }
}

/** The browser logs each answer that is an error, and each try to connect that fails. */
export const REFUSED = /console: Failed to load resource: the server responded with a status of 4\d\d/;
export const BROKEN = /console: Failed to load resource: the server responded with a status of 500/;
export const CUT = /console: (Failed to load resource: net::ERR_|WebSocket connection to .* failed)/;
