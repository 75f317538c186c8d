import { afterEach, describe, expect, test, vi } from "vitest";
import { registerBind } from "./bind.ts";
import type { Program } from "./cli.ts";
import { registerDoctor } from "./doctor.ts";
import { registerImport } from "./import.ts";

afterEach(() => vi.unstubAllEnvs());

/** What `--help` of the three commands would print, without its frame. */
function helpIn(locale: string): string[] {
  vi.stubEnv("OPENCLAW_LOCALE", locale);
  const lines: string[] = [];
  const command = {
    command: () => command,
    description: (text: string) => (lines.push(text), command),
    option: (_flags: string, text: string) => (lines.push(text), command),
    action: () => command,
  };
  // The registrars call nothing else of the host's command line.
  const program = command as unknown as Program;
  registerDoctor(program, {});
  registerBind(program);
  registerImport(program);
  return lines;
}

describe("A4: the help of the commands is in one language", () => {
  test("English", () => expect(helpIn("en").filter((line) => /[^\x20-\x7e]/.test(line))).toEqual([]));

  test("Chinese", () => {
    const lines = helpIn("zh-CN");
    expect(lines.length).toBeGreaterThan(12);
    expect(lines.filter((line) => !/\p{Script=Han}/u.test(line))).toEqual([]);
  });
});
