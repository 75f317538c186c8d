import { encodeQR } from "qr";

/** What a terminal takes. */
export interface QrLook {
  /** Half-block characters; else two columns of ASCII for each module. */
  readonly unicode: boolean;
  /** Colours of its own; else the terminal's, of which only `lightBackground` is known. */
  readonly colour: boolean;
  readonly lightBackground: boolean;
  readonly columns: number;
}

/** Light margin that readers need, modules (ISO/IEC 18004, 9.1). */
const QUIET = 4;
/** Black on white whatever the theme: entries of the fixed part of the 256 colours. */
const BLACK_ON_WHITE = "\x1b[38;5;16;48;5;231m";
const BLACK = "\x1b[48;5;16m";
const WHITE = "\x1b[48;5;231m";
const RESET = "\x1b[0m";

/** A QR code as lines of text, without a last line break; empty when the terminal is too narrow for it. */
export function drawQr(text: string, look: QrLook): string {
  const modules = encodeQR(text, "raw", { ecc: "low", border: QUIET });
  const width = modules.length * (look.unicode ? 1 : 2);
  if (width > look.columns) return "";
  const lines = look.unicode ? halfBlocks(modules, look) : wideCells(modules, look);
  return lines.join("\n");
}

/** Two rows of modules in each line of text. */
function halfBlocks(modules: readonly (readonly boolean[])[], look: QrLook): string[] {
  // What is printed is what differs from the background.
  const printed = (dark: boolean): boolean => (look.colour || look.lightBackground ? dark : !dark);
  const lines: string[] = [];
  for (let y = 0; y < modules.length; y += 2) {
    const above = modules[y] ?? [];
    // A last row without a second one has light below it: the margin goes on.
    const line = above.map((dark, x) => block(printed(dark), printed(modules[y + 1]?.[x] ?? false))).join("");
    lines.push(look.colour ? `${BLACK_ON_WHITE}${line}${RESET}` : line);
  }
  return lines;
}

function block(above: boolean, below: boolean): string {
  if (above) return below ? "█" : "▀";
  return below ? "▄" : " ";
}

function wideCells(modules: readonly (readonly boolean[])[], look: QrLook): string[] {
  if (look.colour) return modules.map((row) => row.map((dark) => `${dark ? BLACK : WHITE}  `).join("") + RESET);
  return modules.map((row) => row.map((dark) => (dark === look.lightBackground ? "##" : "  ")).join(""));
}
