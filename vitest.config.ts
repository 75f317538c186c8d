import { defineConfig } from "vitest/config";

// unit: no OpenClaw, no browser, no processes. emulator: the emulated platform and other people's clients.
// transport: both lines through the emulator. page: headless Chromium. e2e: a real OpenClaw gateway, one file at a time.
/** Thousands of generated documents, or a day of messages: seconds on a quiet machine, and CI may be none. ms. */
const testTimeout = 30_000;
const setupFiles = ["test/property-seed.ts"];

export default defineConfig({
  test: {
    projects: [
      { test: { name: "unit", include: ["extensions/qq/src/**/*.test.ts"], setupFiles, testTimeout } },
      {
        test: {
          name: "emulator",
          include: ["emulator/**/*.test.ts", "test/emulator/**/*.test.ts"],
          setupFiles,
          testTimeout,
        },
      },
      { test: { name: "transport", include: ["test/transport/**/*.test.ts"], testTimeout: 30_000 } },
      { test: { name: "repo", include: ["test/repo/**/*.test.ts"] } },
      { test: { name: "page", include: ["test/page/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 60_000 } },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
