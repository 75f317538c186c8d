import { cancel, intro, isCancel, log, outro, password, spinner, text } from "@clack/prompts";

/** Where a run shows what it does, and asks. Nothing that is shown holds a secret. */
export interface Screen {
  /** Whether somebody is there to answer. */
  readonly canAsk: boolean;
  begin(title: string): void;
  info(line: string): void;
  success(line: string): void;
  error(line: string): void;
  end(line: string): void;
  /** Ends badly: the last words. */
  fail(line: string): void;
  /** Shows that something is under way until it settles. */
  during<T>(what: string, work: Promise<T>): Promise<T>;
  /** What was typed; undefined when it was given up. */
  ask(question: string, hidden: boolean): Promise<string | undefined>;
}

/** The terminal, drawn as the host draws its own questions. */
export const terminal: Screen = {
  canAsk: process.stdin.isTTY && process.stdout.isTTY,
  begin: (title) => intro(title),
  info: (line) => log.info(line),
  success: (line) => log.success(line),
  error: (line) => log.error(line),
  end: (line) => outro(line),
  fail: (line) => cancel(line),
  async during(what, work) {
    if (!process.stdout.isTTY) {
      log.step(what);
      return work;
    }
    const turning = spinner();
    turning.start(what);
    try {
      return await work;
    } finally {
      turning.stop(what);
    }
  },
  async ask(question, hidden) {
    const given = hidden ? await password({ message: question }) : await text({ message: question });
    return isCancel(given) ? undefined : given.trim();
  },
};
