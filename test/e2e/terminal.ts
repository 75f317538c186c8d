import { stripVTControlCharacters } from "node:util";
import { spawn } from "@lydell/node-pty";
import { OPENCLAW, tail } from "../../demo/host.ts";

/**
 * A person at a terminal who sets QQ up, and the count of what they had to do.
 *
 * The count is that of users.md 4: from "host installed" (OpenClaw's gateway runs with a model, the plugin is installed,
 * the bot or NapCat exists) to the bot's first true answer. One action is
 * - a command typed, however long, with whatever is pasted into it;
 * - a question of a wizard answered, also by plain Enter;
 * - a screen of the platform filled in and saved, or an entry pasted into NapCat;
 * - a scan with the confirmation on the phone;
 * - a message written to the bot.
 * Reading counts nothing. Waiting counts nothing.
 */
export interface Counted {
  /** Notes one action; answers how many there were. */
  did(what: string): number;
  /** All of them, in order. */
  readonly actions: readonly string[];
}

export function countActions(): Counted {
  const actions: string[] = [];
  return { did: (what) => actions.push(what), actions };
}

const COLUMNS = 100;
const ROWS = 40;
/** A command of the host takes 1-13 s on a quiet machine, and its tests share one. ms. */
const PATIENCE_MS = 90_000;
const KEYS = { enter: "\r", down: "\x1B[B", up: "\x1B[A", space: " ", escape: "\x1B", "ctrl-c": "\x03" } as const;

/** `openclaw` in a terminal of 100 columns and 40 rows. */
export interface Terminal {
  /**
   * Resolves once something shows that did not when a key was last pressed; rejects after a deadline, or when the
   * program has ended without it, with the end of the transcript.
   */
  shows(what: RegExp): Promise<RegExpExecArray>;
  /** Types text, without Enter. */
  type(text: string): void;
  press(key: keyof typeof KEYS): void;
  /** Resolves with the exit code. */
  readonly ended: Promise<number>;
  /** All that it has printed, without control sequences: what was drawn anew is there each time. */
  transcript(): string;
  /** Ends the program if it still runs. */
  close(): void;
}

export interface TerminalOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Types `openclaw <args>` and Enter. */
export function openTerminal(args: readonly string[], { cwd, env }: TerminalOptions): Terminal {
  const program = spawn(process.execPath, [OPENCLAW, ...args], {
    name: "xterm-256color",
    cols: COLUMNS,
    rows: ROWS,
    cwd,
    env: { ...env, TERM: "xterm-256color" },
  });
  let printed = "";
  /** Up to where it had printed when a key was last pressed. */
  let seen = 0;
  let code: number | undefined;
  const watchers = new Set<() => void>();
  const look = (): void => watchers.forEach((watch) => watch());
  const { promise: ended, resolve: end } = Promise.withResolvers<number>();
  program.onData((text) => ((printed += text), look()));
  program.onExit(({ exitCode }) => ((code = exitCode), end(exitCode), look()));
  const kill = (): void => void (code === undefined && program.kill("SIGKILL"));
  process.once("exit", kill);
  void ended.then(() => process.off("exit", kill));
  const write = (text: string): void => {
    if (code !== undefined) throw new Error(`the program has ended (${code}):\n${tail(plain(printed))}`);
    seen = printed.length;
    program.write(text);
  };
  return {
    shows(what) {
      const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>();
      const fail = (why: string): void =>
        reject(new Error(`${why}, and no ${String(what)} showed:\n${tail(plain(printed), ROWS)}`));
      const watch = (): void => {
        const found = what.exec(plain(printed.slice(seen)));
        if (found) resolve(found);
        else if (code !== undefined) fail(`the program has ended (${code})`);
      };
      const late = setTimeout(() => fail(`${PATIENCE_MS} ms are over`), PATIENCE_MS);
      watchers.add(watch);
      watch();
      return promise.finally(() => (clearTimeout(late), watchers.delete(watch)));
    },
    type: write,
    press: (key) => write(KEYS[key]),
    ended,
    transcript: () => plain(printed),
    close: kill,
  };
}

/** What a terminal prints, as text: without control sequences, and each line as it was when it was left. */
function plain(printed: string): string {
  return stripVTControlCharacters(printed)
    .replaceAll(/[^\n]*\r(?=[^\n])/g, "")
    .replaceAll("\r", "");
}
