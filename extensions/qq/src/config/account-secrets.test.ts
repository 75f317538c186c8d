import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import { describe, expect, onTestFinished, test } from "vitest";
import { QQConfigError } from "../errors.ts";
import { resolveAccount, type QQAccount } from "./account.ts";

const SECRET = "S3cr3t-of-the-bot";
const ref = { source: "env", provider: "default", id: "QQ_SECRET_OF_TEST" };

function resolve(qq: Readonly<Record<string, unknown>>, accountId?: string, mode?: "strict" | "inspect"): QQAccount {
  const cfg: OpenClawConfig = { channels: { qq: { appId: "102000001", ...qq } } };
  return resolveAccount(cfg, accountId, {}, mode);
}

function refusal({ credentials }: QQAccount): QQConfigError {
  if (credentials.ok) throw new Error("the account was expected to be incomplete");
  return credentials.error;
}

function secretOf({ credentials }: QQAccount): string | undefined {
  if (!credentials.ok) return credentials.error.message;
  return "appSecret" in credentials.value ? credentials.value.appSecret : credentials.value.accessToken;
}

function secretFile(content: string): string {
  const directory = mkdtempSync(join(tmpdir(), "qq-secret-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, "app-secret");
  writeFileSync(file, content);
  return file;
}

describe("A5: a secret in a file", () => {
  test.each([SECRET, `${SECRET}\n`, `${SECRET}\r\n`, `  ${SECRET}  \n\n`, `\uFEFF${SECRET}`])(
    "%j is read",
    (content) => {
      const account = resolve({ appSecretFile: secretFile(content) });
      expect(account.secretSource).toBe("file");
      expect(secretOf(account)).toBe(SECRET);
    },
  );

  test("a missing file is an error that names the key and what to do", () => {
    const error = refusal(resolve({ appSecretFile: "/nowhere/app-secret" }));
    expect(error).toMatchObject({ path: "channels.qq.appSecretFile", code: "QQ_CONFIG", retry: "never" });
    expect(error.message).toMatch(/^channels\.qq\.appSecretFile: the file cannot be read \(ENOENT\); give the path/);
  });

  test("a directory is no file", () => {
    expect(refusal(resolve({ appSecretFile: tmpdir() })).message).toMatch(/cannot be read \(EISDIR\)/);
  });

  test.each(["", "\n", " \r\n "])("an empty file is an error: %j", (content) => {
    const error = refusal(resolve({ appSecretFile: secretFile(content) }));
    expect(error.message).toBe("channels.qq.appSecretFile: the file is empty; write the AppSecret into it");
  });

  test("stops only its own account", () => {
    const qq = { appSecret: SECRET, accounts: { work: { appSecretFile: "/nowhere/app-secret" } } };
    expect(resolve(qq, "default").credentials.ok).toBe(true);
    expect(refusal(resolve(qq, "work")).path).toBe("channels.qq.accounts.work.appSecretFile");
  });

  test("an account's own file wins over the secret of the base, and its own secret over both", () => {
    const appSecretFile = secretFile(SECRET);
    const own = { work: { appSecretFile }, home: { appSecretFile, appSecret: "home" } };
    const qq = { appSecret: "base", accounts: own };
    expect(resolve(qq, "work").secretSource).toBe("file");
    expect(secretOf(resolve(qq, "work"))).toBe(SECRET);
    expect(secretOf(resolve(qq, "home"))).toBe("home");
    expect(secretOf(resolve({ appSecret: "base", appSecretFile }))).toBe("base");
  });
});

describe("A5: a secret by reference", () => {
  test("that is not resolved is an error when the account starts", () => {
    const account = resolve({ appSecret: ref });
    expect(account.secretSource).toBe("config");
    expect(refusal(account)).toMatchObject({ path: "channels.qq.appSecret" });
    expect(refusal(account).message).toMatch(/^channels\.qq\.appSecret is a secret reference/);
  });

  test("can be shown without being resolved", () => {
    const account = resolve({ appSecret: ref }, undefined, "inspect");
    expect(account).toMatchObject({ secretSource: "config", appId: "102000001" });
    expect(refusal(account).message).toMatch(/is not resolved: see `openclaw secrets audit`/);
  });

  test("of one account does not touch another", () => {
    const qq = { appSecret: SECRET, accounts: { work: { appSecret: ref } } };
    expect(refusal(resolve(qq, "work")).path).toBe("channels.qq.accounts.work.appSecret");
    expect(resolve(qq).credentials.ok).toBe(true);
  });
});

describe("what is missing", () => {
  test.each([
    [{ appId: undefined }, undefined, "channels.qq.appId", "QQ_BOT_APP_ID"],
    [{}, undefined, "channels.qq.appSecret", "QQ_BOT_APP_SECRET"],
    [{ appSecret: "" }, undefined, "channels.qq.appSecret", "appSecretFile"],
    [{ accounts: { work: {} } }, "work", "channels.qq.accounts.work.appSecret", "appSecretFile"],
    [{ accounts: { Work: {} } }, "work", "channels.qq.accounts.Work.appSecret", "appSecretFile"],
    [{ accounts: { work: {} } }, "default", "channels.qq.appSecret", "appSecretFile"],
  ] as const)("of %j for %s is told as %s", (qq, accountId, path, instead) => {
    const error = refusal(resolve(qq, accountId));
    expect(error).toBeInstanceOf(QQConfigError);
    expect(error.path).toBe(path);
    expect(error.message).toContain(`${path} is missing`);
    expect(error.message).toContain(instead);
    expect(error.wording.zh).toContain(path);
    expect(error.wording.zh).toMatch(/\p{Script=Han}/u);
  });
});

test("no error and no part of it holds the secret", () => {
  const file = secretFile("");
  const accounts = [
    resolve({ appId: undefined, appSecret: SECRET }),
    resolve({ appSecretFile: file, accounts: { work: { appSecret: { ...ref, value: SECRET } } } }, "work"),
    resolve({ appSecretFile: file }),
  ];
  for (const account of accounts) {
    const error = refusal(account);
    const told = [error.message, error.path, JSON.stringify(error), error.stack, String(error.cause)].join("\n");
    expect(told).not.toContain(SECRET);
  }
});
