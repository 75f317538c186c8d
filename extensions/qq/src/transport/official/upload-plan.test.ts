import { describe, expect, test } from "vitest";
import { layOutParts, partRules } from "./upload-plan.ts";

const parse = (more: object, size: number) => layOutParts({ upload_id: "u", parts: [], ...more }, size);
const at = (index: number, block_size?: number) => ({ index, presigned_url: `u${index}`, block_size });

describe("the plan of parts", () => {
  test("offsets follow the order of the numbers, from 0 or from 1", () => {
    const places = [0, 1].map((first) =>
      parse({ block_size: 10, parts: [at(first + 2), at(first), at(first + 1)] }, 25).map(({ index, start, end }) => [
        index - first,
        start,
        end,
      ]),
    );
    const cut = [
      [0, 0, 10],
      [1, 10, 20],
      [2, 20, 25],
    ];
    expect(places).toEqual([cut, cut]);
  });

  test("a part's own size counts before the common one, and 5 MiB where there is none", () => {
    expect(parse({ block_size: 10, parts: [at(1, 5), at(2)] }, 12)).toMatchObject([{ end: 5 }, { start: 5, end: 12 }]);
    expect(parse({ parts: [at(1), at(2)] }, 6_000_000)).toMatchObject([{ end: 5_242_880 }, { end: 6_000_000 }]);
  });

  test.each([
    ["too few", [at(1), at(2)], 21],
    ["too many", [at(1), at(2), at(3)], 20],
    ["empty ones", [at(1, 0), at(2)], 10],
  ])("%s parts are refused", (_, parts, size) => {
    expect(() => parse({ block_size: 10, parts }, size)).toThrow(/do not make a file/);
  });

  test.each([
    [{}, { concurrency: 1, pauseMs: 1000, timeoutMs: 120_000 }],
    [
      { concurrency: 99, retry_delay: 0, retry_timeout: 9999 },
      { concurrency: 10, pauseMs: 500, timeoutMs: 600_000 },
    ],
    [{ concurrency: 0 }, { concurrency: 1 }],
    [
      { concurrency: 2, upload_config: { concurrency: 4, retry_delay: 3 } },
      { concurrency: 4, pauseMs: 3000 },
    ],
  ])("%j asks for %j", (config, rules) => {
    expect(partRules({ upload_id: "u", parts: [], ...config }, 1000)).toMatchObject(rules);
  });

  test("large blocks go one by one", () => {
    expect(partRules({ upload_id: "u", parts: [], concurrency: 10 }, 30 * 1024 * 1024).concurrency).toBe(2);
    expect(partRules({ upload_id: "u", parts: [], concurrency: 10 }, 300 * 1024 * 1024).concurrency).toBe(1);
  });
});
