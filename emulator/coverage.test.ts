import { expect, test } from "vitest";
import { coverage, type Coverage } from "./coverage.ts";
import { EVENT_BITS } from "./intents.ts";
import { actionTable } from "./onebot/action-table.ts";
import { assemble } from "./parts.ts";

const working = (kind: Coverage["kind"]): string[] =>
  coverage
    .filter((row) => row.kind === kind && row.state !== "planned")
    .map((row) => row.name)
    .sort();

test("the routes that are said to work are those that are served, and no others", () => {
  const { app, close } = assemble({});
  close();
  const served = app.routes
    .filter(({ method, path }) => method !== "ALL" && path !== "/" && !/^\/(?:_emulator|page)\//.test(path))
    .map(({ method, path }) => `${method} ${path}`);
  expect(working("route")).toEqual([...new Set(served)].sort());
});

test("the events that are said to work are those that have an intent, and the two of the session", () => {
  expect(working("event")).toEqual([...Object.keys(EVENT_BITS), "READY", "RESUMED"].sort());
});

test("the actions that are said to work are those that a NapCat knows", () => {
  expect(working("action")).toEqual(Object.keys(actionTable).sort());
});

test("nothing is listed twice, and what works only partly says what is missing", () => {
  const names = coverage.map(({ kind, name }) => `${kind} ${name}`);
  expect(names).toEqual([...new Set(names)]);
  expect(coverage.filter(({ state, note }) => (state === "partly") !== (note !== undefined))).toEqual([]);
});
