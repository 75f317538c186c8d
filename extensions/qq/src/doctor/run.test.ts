import { expect, test } from "vitest";
import { runDoctor, type DoctorOptions } from "./run.ts";

const cfg = {
  channels: { qq: { appId: "102000001", appSecret: "a-secret-of-a-bot", accounts: { Work: { enabled: false } } } },
};

test.each([
  [{ account: "nobody" }, /nobody/],
  [{ publicUrl: "bot.example.com" }, /bot\.example\.com/],
  [{ publicUrl: "ftp://bot.example.com" }, /ftp:/],
  [{ timeout: "soon" }, /soon/],
  [{ timeout: "99" }, /99/],
  [{ timeout: "120001" }, /120001/],
] as const)("A6: what is not understood, such as %j, ends with 2 and nothing on stdout", async (options, words) => {
  const said: string[] = [];
  const asked: DoctorOptions = { timeout: "10000", ...options };
  const printed: string[] = [];
  expect(await runDoctor(cfg, asked, { out: (text) => printed.push(text), error: (text) => said.push(text) })).toBe(2);
  expect(printed).toEqual([]);
  expect(said.join("")).toMatch(words);
});
