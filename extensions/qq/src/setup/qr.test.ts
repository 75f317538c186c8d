import { decodeQR } from "qr/decode.js";
import { expect, test } from "vitest";
import { lookOf } from "./qr-look.ts";
import { drawQr, type QrLook } from "./qr.ts";

const ESCAPE = String.fromCharCode(27);
const ESCAPES = new RegExp(`${ESCAPE}\\[[0-9;]*m`, "g");

/** As long as QQ's own are: an id of 36 characters. */
const URL =
  "https://q.qq.com/qqbot/openclaw/connect.html?task_id=0123456789abcdef0123456789abcdef0123&source=OpenClaw&_wv=2";
const plain: QrLook = { unicode: true, colour: false, lightBackground: false, columns: 80 };

const looks: readonly (readonly [string, QrLook])[] = [
  ["half blocks in colours", { ...plain, colour: true }],
  ["half blocks on a dark terminal", plain],
  ["half blocks on a light terminal", { ...plain, lightBackground: true }],
  ["ASCII in colours", { ...plain, unicode: false, colour: true, columns: 120 }],
  ["ASCII on a dark terminal", { ...plain, unicode: false, columns: 120 }],
  ["ASCII on a light terminal", { ...plain, unicode: false, lightBackground: true, columns: 120 }],
];

test.each(looks)("A2: the code can be read as it stands on the screen: %s", (_, look) => {
  expect(readScreen(drawQr(URL, look), look)).toBe(URL);
});

test("A2: it fits into 80 columns and 40 lines", () => {
  const lines = drawQr(URL, plain).split("\n");
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(lines.length).toBeLessThanOrEqual(40);
});

test("in colours it does not depend on the theme, and without any it holds no escape", () => {
  for (const line of drawQr(URL, { ...plain, colour: true }).split("\n"))
    expect(line.replaceAll(ESCAPE, "ESC")).toMatch(/^ESC\[38;5;16;48;5;231m[ ▀▄█]+ESC\[0m$/);
  expect(drawQr(URL, plain)).toMatch(/^[ ▀▄█\n]+$/);
  expect(drawQr(URL, { ...plain, unicode: false, columns: 120 })).toMatch(/^[ #\n]+$/);
});

test("it is left out where it would be torn", () => {
  expect(drawQr(URL, { ...plain, columns: 40 })).toBe("");
  expect(drawQr(URL, { ...plain, unicode: false, columns: 80 })).toBe("");
});

test.each([
  [{ LANG: "zh_CN.UTF-8" }, true],
  [{ LANG: "zh_CN.GBK" }, false],
  [{ LC_ALL: "C", LANG: "en_US.UTF-8" }, false],
  [{ LANG: "C.UTF-8" }, true],
  [{}, true],
])("characters of a terminal with %o: Unicode %s", (env, unicode) => {
  expect(lookOf({ isTTY: true, columns: 90 }, env, "linux").unicode).toBe(unicode);
});

const colour = (terminal: object, env: Record<string, string>): boolean => lookOf(terminal, env, "linux").colour;
const light = (value: string): boolean => lookOf({}, { COLORFGBG: value }, "linux").lightBackground;

test("colours are for terminals, and for nobody who has said no", () => {
  expect(colour({ isTTY: true }, { TERM: "xterm" })).toBe(true);
  expect(colour({ isTTY: true }, { NO_COLOR: "1" })).toBe(false);
  expect(colour({ isTTY: true }, { TERM: "dumb" })).toBe(false);
  expect(colour({}, {})).toBe(false);
});

test("a terminal that tells its background is believed", () => {
  expect([light("0;15"), light("0;default;7"), light("15;0"), light("")]).toEqual([true, true, false, false]);
});

/** Text as pixels, as a camera would see it, and what a reader makes of them. */
function readScreen(drawn: string, look: QrLook): string {
  const rows = drawn.split("\n").flatMap((line) => (look.unicode ? halves(line, look) : [cells(line, look)]));
  // This reader takes light for dark as well; not every phone does.
  expect(rows[0]?.every((dark) => !dark)).toBe(true);
  const scale = 4;
  const width = (rows[0]?.length ?? 0) * scale;
  const height = rows.length * scale;
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const dark = rows[Math.floor(y / scale)]?.[Math.floor(x / scale)] === true;
      data.fill(dark ? 0 : 255, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  return decodeQR({ width, height, data });
}

/** Two rows of dark or light in a line of half blocks. */
function halves(line: string, look: QrLook): boolean[][] {
  const printedIsDark = look.colour || look.lightBackground;
  const characters = Array.from(line.replace(ESCAPES, ""));
  return ["█▀", "█▄"].map((printed) => characters.map((character) => printed.includes(character) === printedIsDark));
}

/** One row in a line of two characters for each module. */
function cells(line: string, look: QrLook): boolean[] {
  const pairs = look.colour
    ? (line.match(new RegExp(`${ESCAPE}\\[48;5;\\d+m  `, "g")) ?? [])
    : (line.match(/../g) ?? []);
  return pairs.map((pair) => (look.colour ? pair.includes(";16m") : (pair === "##") === look.lightBackground));
}
