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
    private process: ChildProcess,
    /** Where it listens, without a slash at the end. */
    readonly url: string,
  ) {}

  static async start(): Promise<Server> {
    const data = await mkdtemp(join(tmpdir(), "telicat-end2end-"));
    try {
      const { process, url } = await launch(data, "127.0.0.1:0");
      return new Server(data, process, url);
    } catch (error) {
      await rm(data, { recursive: true, force: true });
      throw error;
    }
  }

  /** Dies as in a power cut. */
  async kill(): Promise<void> {
    const ended = once(this.process, "exit");
    this.process.kill("SIGKILL");
    await ended;
  }

  /** Comes back with the same data at the same address. */
  async startAgain(): Promise<void> {
    this.process = (await launch(this.data, new URL(this.url).host)).process;
  }

  async stop(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const ended = once(this.process, "exit");
      const giveUp = setTimeout(() => this.process.kill("SIGKILL"), STOPS_WITHIN_MS);
      this.process.kill("SIGTERM");
      await ended;
      clearTimeout(giveUp);
    }
    await rm(this.data, { recursive: true, force: true });
  }
}

async function launch(data: string, listen: string): Promise<{ process: ChildProcess; url: string }> {
  const program = process.env.TELICAT_BIN;
  if (!program) throw new Error("TELICAT_BIN must name the telicat to test: `cargo xtask test browser` sets it");
  const child = spawn(program, ["serve", "--listen", listen, "--rate-limits", "off"], {
    env: { PATH: process.env.PATH, TELICAT_DATA: data, TELICAT_LOG: "warn" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const url = await new Promise<string>((resolve, reject) => {
    let printed = "";
    let complaints = "";
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
  return { process: child, url };
}
