import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createIdTable } from "./id-table.ts";
import { ChatType, groupUin, msgIdOf, personUin, shortIdOf } from "./numbers.ts";

const place = (id: string) => ({ chat: "group/g", id });

describe("the table of message numbers", () => {
  test("finds by either number, and forgets the oldest of more than 5000", () => {
    const table = createIdTable();
    for (let i = 0; i <= 5000; i += 1) table.register(i, `long-${i}`, place(String(i)));
    expect([table.find("0"), table.find("long-0")]).toEqual([undefined, undefined]);
    expect([table.find("1"), table.find("long-5000")]).toEqual([place("1"), place("5000")]);
  });

  test("keeps the place of what is registered again", () => {
    const table = createIdTable(2);
    table.register(1, "one", place("a"));
    table.register(2, "two", place("b"));
    table.register(1, "one", place("a"));
    table.register(3, "three", place("c"));
    expect([table.find("1"), table.find("2")]).toEqual([undefined, place("b")]);
  });
});

describe("numbers", () => {
  test("of a message are the first 31 bits of the MD5 of QQ's own number, the kind of chat and the other side", () => {
    const bytes = createHash("md5").update("7712345678901234567|2|30001").digest();
    expect(shortIdOf("7712345678901234567", ChatType.group, "30001")).toBe(bytes.readUInt32BE() % 2 ** 31);
  });

  test("of QQ's own have 19 digits and rise with time", () => {
    const at = Date.UTC(2026, 10, 20);
    const [earlier, later] = [msgIdOf("a", at), msgIdOf("b", at + 1000)];
    expect(earlier).toMatch(/^\d{19}$/);
    expect(BigInt(later) > BigInt(earlier)).toBe(true);
  });

  test("of people and groups are their ids where those are numbers, and made up of nine digits otherwise", () => {
    expect([personUin("20001"), groupUin("30001")]).toEqual(["20001", "30001"]);
    expect(personUin("lin")).toMatch(/^[1-9]\d{8}$/);
    expect(personUin("lin")).toBe(personUin("lin"));
    expect(personUin("x")).not.toBe(groupUin("x"));
  });
});
