import type { Clock } from "../clock.ts";
import type { SendFault } from "./actions.ts";

/** What goes wrong with one NapCat for now (onebot-napcat.md 10.33, 10.38-10.41). */
export class Weather {
  /** Whether QQ lets the account be in. */
  isOnline = true;
  /** QQ has logged it out. */
  isKicked = false;
  /** Nothing is told any more, although everything looks well. */
  isDeaf = false;
  hasHeartbeats = true;
  /** The process is not there. */
  isDown = false;
  /** What is said while the process is not there is missing from histories for good. */
  losesMessages = false;
  /** Ids of messages that were said while QQ did not let the account be in, and of those that are missing for good. */
  readonly unheard = new Set<string>();
  readonly lost = new Set<string>();
  /** Actions that this NapCat does not have. */
  readonly unsupported = new Set<string>();
  /** How much later calls of an action are answered, ms. */
  readonly delays = new Map<string, number>();
  readonly #clock: Clock;
  #sendFaults: SendFault[] = [];
  #losses: { readonly action: string; readonly part: "call" | "answer"; left: number }[] = [];
  #stall: Promise<void> | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** While the loop is blocked: resolves when it runs again. */
  get stalled(): Promise<void> | undefined {
    return this.#stall;
  }

  /** Blocks the loop: nothing is read, answered or told for so long. */
  stall(ms: number): Promise<void> {
    const stall = new Promise<void>((resolve) => {
      this.#clock.after(ms, () => {
        if (this.#stall === stall) this.#stall = undefined;
        resolve();
      });
    });
    this.#stall = stall;
    return stall;
  }

  failSends(fault: SendFault, times: number): void {
    for (let i = 0; i < times; i += 1) this.#sendFaults.push(fault);
  }

  takeSendFault(): SendFault | undefined {
    return this.#sendFaults.shift();
  }

  lose(action: string, part: "call" | "answer", times: number): void {
    this.#losses.push({ action, part, left: times });
  }

  /** Whether this call of an action never arrives, or its answer does not. */
  takeLoss(action: string): "call" | "answer" | undefined {
    const found = this.#losses.find((loss) => loss.action === action);
    if (!found) return undefined;
    found.left -= 1;
    this.#losses = this.#losses.filter((loss) => loss.left > 0);
    return found.part;
  }

  clear(): void {
    this.isOnline = true;
    this.isKicked = false;
    this.isDeaf = false;
    this.hasHeartbeats = true;
    this.isDown = false;
    this.losesMessages = false;
    this.unheard.clear();
    this.lost.clear();
    this.unsupported.clear();
    this.delays.clear();
    this.#sendFaults = [];
    this.#losses = [];
    this.#stall = undefined;
  }
}
