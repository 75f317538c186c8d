import { env } from "../config/env.ts";
import type { QrLook } from "./qr.ts";

type Env = Readonly<Record<string, string | undefined>>;
interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** What is assumed where nothing tells. */
const COLUMNS = 80;

/** How this process's terminal takes a QR code. */
export function lookOfTerminal(): QrLook {
  return lookOf(process.stdout, env, process.platform);
}

/**
 * The same for any terminal. Colours only where a terminal is and nobody has said `NO_COLOR` (no-color.org); a background
 * only where the terminal tells by `COLORFGBG`, else dark, as most are.
 */
export function lookOf(terminal: Terminal, env: Env, platform: NodeJS.Platform): QrLook {
  const colour = terminal.isTTY === true && !env["NO_COLOR"] && env["TERM"] !== "dumb";
  const background = Number(env["COLORFGBG"]?.split(";").at(-1) || 0);
  return {
    unicode: platform === "win32" || isUnicode(env),
    colour,
    lightBackground: background === 7 || background === 15,
    columns: terminal.columns || COLUMNS,
  };
}

/**
 * A locale that names another character set speaks against it, and one that names none for it: in a container the
 * variables are not set, while the terminal that looks into it knows UTF-8.
 */
function isUnicode(env: Env): boolean {
  const locale = env["LC_ALL"] || env["LC_CTYPE"] || env["LANG"];
  if (!locale) return true;
  const charset = /\.([^@]+)/.exec(locale)?.[1];
  return charset === undefined ? !/^(?:C|POSIX)$/.test(locale) : /^utf-?8$/i.test(charset);
}
