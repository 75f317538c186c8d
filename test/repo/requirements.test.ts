// Requirements against proofs: neither a promise without a test, nor a test for a promise that nobody made.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { requirements, type Requirement } from "../requirements.ts";
import { proofsIn, readProofs, type Proof } from "./proofs.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const DOCUMENT = join(ROOT, "..", "shared", "spec", "requirements.md");
const hasDocument = existsSync(DOCUMENT);

let proofs: readonly Proof[];
beforeAll(async () => {
  // The titles below are examples and prove nothing.
  proofs = (await readProofs(ROOT)).filter(({ file }) => file !== "test/repo/requirements.test.ts");
});

const proofsOf = ({ id }: Requirement): readonly Proof[] => proofs.filter(({ ids }) => ids.includes(id));
const inGateway = (row: Requirement): boolean => proofsOf(row).some(({ file }) => file.startsWith("test/e2e/"));
const idsOf = (rows: readonly Requirement[]): readonly string[] => rows.map(({ id }) => id);
const ids = idsOf(requirements);
const read = (source: string): readonly (readonly string[])[] => proofsIn("a.test.ts", source).map(({ ids }) => ids);

describe("every row", () => {
  test("that is not planned, or holds in part, has a proof", () => {
    const due = requirements.filter(
      ({ planned, partly, knownFailure }) => (planned === undefined || partly !== undefined) && !knownFailure,
    );
    expect(idsOf(due.filter((row) => proofsOf(row).length === 0))).toEqual([]);
  });

  test("that is planned has none: one that is proved must lose the mark, or say which part holds", () => {
    const planned = requirements.filter((row) => row.planned && row.partly === undefined);
    expect(idsOf(planned.filter((row) => proofsOf(row).length > 0))).toEqual([]);
  });

  test("that must hold in the real gateway has a proof there", () => {
    const due = requirements.filter((row) => row.gateway && !row.planned && !row.knownFailure);
    expect(idsOf(due.filter((row) => !inGateway(row)))).toEqual([]);
  });

  test("is told once", () => {
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  });
});

test("every title names ids that there are", () => {
  const unknown = proofs.filter((proof) => proof.ids.some((id) => !ids.includes(id)));
  expect(unknown).toEqual([]);
});

test.skipIf(!hasDocument)(
  `the rows are those of the requirements document${hasDocument ? "" : " (skipped: a plain clone has no ../shared)"}`,
  async () => {
    const text = await readFile(DOCUMENT, "utf8");
    const written = [...text.matchAll(/^\| ([A-G]\d+) \|/gm)].map(([, id]) => id);
    expect(written).not.toHaveLength(0);
    expect(ids).toEqual(written);
  },
);

describe("a title", () => {
  test("is read wherever a suite puts it", () => {
    expect(read(`test("D1: one", () => {})`)).toEqual([["D1"]]);
    expect(read(`describe("A7 B1: two", () => {})`)).toEqual([["A7", "B1"]]);
    expect(read("test.each([\n  1,\n] as const)(\n  `C2 F10: three`,\n  () => {})")).toEqual([["C2", "F10"]]);
  });

  test("proves nothing when it is skipped, or names its ids elsewhere", () => {
    expect(read(`test.skip("D1: one", () => {})`)).toEqual([]);
    expect(read(`test.todo("D1: one")`)).toEqual([]);
    expect(read(`test("one, see D1: two", () => {})`)).toEqual([]);
    expect(read(`test("QQ1a: one", () => {})`)).toEqual([]);
  });
});
