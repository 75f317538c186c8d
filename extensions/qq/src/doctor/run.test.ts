import { expect, test } from "vitest";
import { readOptions, runDoctor, type DoctorOptions } from "./run.ts";

const cfg = {
  channels: { qq: { appId: "102000001", appSecret: "a-secret-of-a-bot", accounts: { Work: { enabled: false } } } },
};

test.each(["Work", "work", "WORK"])(
  "A6: --account %s is the account of that name, however it is written",
  (account) => {
    expect(readOptions(cfg, { timeout: "10000", account })).toEqual({ timeoutMs: 10_000, accountId: "work" });
  },
);

test.each([
  [{ account: "nobody" }, /nobody/],
  [{ publicUrl: "bot.example.com" }, /bot\.example\.com/],
  [{ publicUrl: "ftp://bot.example.com" }, /ftp:/],
  [{ publicUrl: "https://me:hunter2@bot.example.com" }, /no user name, password(?![^]*hunter2)|不能包含用户名/],
  [{ publicUrl: "https://bot.example.com/?a=1" }, /query|查询/],
  [{ publicUrl: "https://bot.example.com/#a" }, /fragment|片段/],
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
