import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const STARTS_WITHIN_MS = 20_000;
const STOPS_WITHIN_MS = 10_000;

/** A Telicat with data of its own. */
export class Server {
  private constructor(
    readonly data: string,
    private args: string[],
    private process: Running,
    /** Where it listens, without a slash at the end. */
    readonly url: string,
  ) {}

  /** Starts one, with further arguments of its command line. */
  static async start(args: string[] = []): Promise<Server> {
    const data = await mkdtemp(join(tmpdir(), "telicat-end2end-"));
    try {
      const { process, url } = await launch(data, "127.0.0.1:0", args);
      return new Server(data, args, process, url);
    } catch (error) {
      await rm(data, { recursive: true, force: true });
      throw error;
    }
  }

  /** Dies as in a power cut. */
  async kill(): Promise<void> {
    const { child } = this.process;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }

  /** Comes back with the same data at the same address; with other arguments when they are given. */
  async startAgain(args: string[] = this.args): Promise<void> {
    this.args = args;
    this.process = (await launch(this.data, new URL(this.url).host, args)).process;
  }

  /** The end of its log since it was started last. */
  log(): string {
    return this.process.log();
  }

  async stop(): Promise<void> {
    const { child } = this.process;
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, "exit");
      const giveUp = setTimeout(() => child.kill("SIGKILL"), STOPS_WITHIN_MS);
      child.kill("SIGTERM");
      await ended;
      clearTimeout(giveUp);
    }
    await rm(this.data, { recursive: true, force: true });
  }
}

/** A process, and what it says. */
interface Running {
  child: ChildProcess;
  log: () => string;
}

async function launch(data: string, listen: string, args: string[]): Promise<{ process: Running; url: string }> {
  const program = process.env.TELICAT_BIN;
  if (!program) throw new Error("TELICAT_BIN must name the telicat to test: `cargo xtask test browser` sets it");
  const child = spawn(program, ["serve", "--listen", listen, "--rate-limits", "off", ...args], {
    env: { PATH: process.env.PATH, TELICAT_DATA: data, TELICAT_LOG: "warn" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let complaints = "";
  const url = await new Promise<string>((resolve, reject) => {
    let printed = "";
    const fail = (why: string) => {
      child.kill("SIGKILL");
      reject(new Error(`Telicat ${why}:\n${printed}${complaints}`));
    };
    const late = setTimeout(() => fail("did not say where it listens"), STARTS_WITHIN_MS);
    child.once("error", (error) => fail(`could not be started (${error.message})`));
    child.once("exit", (code) => fail(`ended with ${code}`));
    child.stderr.on("data", (text) => (complaints = (complaints + text).slice(-4_000)));
    child.stdout.on("data", (text) => {
      printed = (printed + text).slice(-4_000);
      const address = /Telicat listens on (http:\/\/127\.0\.0\.1:\d+)/.exec(printed)?.[1];
      if (!address) return;
      clearTimeout(late);
      resolve(address);
    });
  });
  child.removeAllListeners("error").removeAllListeners("exit");
  return { process: { child, log: () => complaints }, url };
}
