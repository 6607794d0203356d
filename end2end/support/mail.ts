import { simpleParser, type ParsedMail } from "mailparser";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

/** How a mail server behaves. */
export interface Manners {
  /** The first mails that are refused for now (451, as by greylisting). */
  refuses?: number;
  /** It takes a mail and says so only when {@link MailServer.wakeUp} is called. */
  sleeps?: boolean;
}

/** A real mail server that keeps what it gets. It offers no encryption. */
export class MailServer {
  private readonly letters: ParsedMail[] = [];
  private readonly waiting: (() => void)[] = [];
  private readonly sleepers: (() => void)[] = [];
  private readonly server: SMTPServer;
  private refusals: number;
  private sleeps: boolean;
  /** Mails that were begun, taken or not. */
  begun = 0;

  private constructor({ refuses = 0, sleeps = false }: Manners) {
    this.refusals = refuses;
    this.sleeps = sleeps;
    this.server = new SMTPServer({
      authOptional: true,
      disabledCommands: ["AUTH", "STARTTLS"],
      closeTimeout: 1_000,
      onMailFrom: (_address, _session, done) => {
        this.begun += 1;
        this.wakeWaiting();
        if (this.refusals === 0) return done();
        this.refusals -= 1;
        done(Object.assign(new Error("greylisted, come back later"), { responseCode: 451 }));
      },
      onData: (stream, _session, done) => {
        void simpleParser(stream).then((letter) => {
          this.letters.push(letter);
          this.wakeWaiting();
          if (this.sleeps) this.sleepers.push(() => done());
          else done();
        }, done);
      },
    });
    this.server.on("error", () => {
      // A client that hangs up in the middle is no fault of the test.
    });
  }

  static async start(manners: Manners = {}): Promise<MailServer> {
    const mail = new MailServer(manners);
    mail.server.listen(0, "127.0.0.1");
    await once(mail.server.server, "listening");
    return mail;
  }

  /** What `--mail` is told. */
  get url(): string {
    return `smtp://127.0.0.1:${(this.server.server.address() as AddressInfo).port}`;
  }

  /** All letters to somebody so far. */
  to(recipient: string): ParsedMail[] {
    return this.letters.filter((letter) => recipientOf(letter) === recipient);
  }

  /** The letter to somebody with that number, from 0, once it is there. */
  async letter(recipient: string, number = 0): Promise<ParsedMail> {
    await this.until(() => this.to(recipient).length > number);
    return this.to(recipient)[number];
  }

  /** Waits for a condition, which is looked at whenever a mail comes. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** Says what it did not say. */
  wakeUp(): void {
    this.sleeps = false;
    for (const wake of this.sleepers.splice(0)) wake();
  }

  async stop(): Promise<void> {
    this.wakeUp();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private wakeWaiting(): void {
    for (const wake of this.waiting.splice(0)) wake();
  }
}

function recipientOf(letter: ParsedMail): string | undefined {
  const to = Array.isArray(letter.to) ? letter.to[0] : letter.to;
  return to?.value[0]?.address;
}

/** The link in a letter, which is the same in its text and in its HTML. */
export function linkIn(letter: ParsedMail): string {
  const link = /^https?:\/\/\S+$/m.exec(letter.text ?? "")?.[0];
  if (!link) throw new Error(`no link in: ${letter.text}`);
  if (!(letter.html || "").includes(`href="${link}"`)) throw new Error(`the HTML leads elsewhere: ${letter.html}`);
  return link;
}
