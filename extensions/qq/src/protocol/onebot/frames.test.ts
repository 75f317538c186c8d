import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readFrame, toAsciiJson } from "./frames.ts";

const read = (frame: unknown) => readFrame(JSON.stringify(frame));
const part = (data: object) => read({ status: "ok", retcode: 0, data, echo: "d1", stream: "stream-action" });

describe("C5: frames", () => {
  it("an answer of NapCat", () => {
    const frame = {
      status: "ok",
      retcode: 0,
      data: { message_id: 7 },
      message: "",
      wording: "",
      echo: "c1",
      stream: "normal-action",
    };
    expect(read(frame)).toEqual({
      kind: "reply",
      echo: "c1",
      retcode: 0,
      data: { message_id: 7 },
      text: "",
      more: false,
    });
  });

  it("an answer without data, which is that of an action that has none", () => {
    expect(read({ status: "ok", retcode: 0, echo: "c1" })).toMatchObject({
      kind: "reply",
      retcode: 0,
      data: undefined,
    });
  });

  it.each([
    [{ message: "a", wording: "b" }, "a"],
    [{ message: "", wording: "b", msg: "c" }, "b"],
    [{ msg: "SEND_MSG_API_ERROR" }, "SEND_MSG_API_ERROR"],
    [{ message: 7 }, ""],
  ])("says of a failure what %j says", (words, text) => {
    expect(read({ status: "failed", retcode: 100, data: null, echo: "c1", ...words })).toMatchObject({ text });
  });

  it("the one that tells of a wrong token, and not the failure of a call", () => {
    const refused = { status: "failed", retcode: 1403, data: null, message: "token验证失败", wording: "token验证失败" };
    expect(read({ ...refused, echo: null, stream: "normal-action" })).toEqual({
      kind: "bad-token",
      text: "token验证失败",
    });
    expect(read(refused).kind).toBe("bad-token");
    expect(read({ ...refused, echo: "c1" })).toMatchObject({ kind: "reply", retcode: 1403 });
  });

  it("parts of a download are followed by more, an answer to an upload by nothing", () => {
    expect(part({ type: "stream", data_type: "file_chunk", index: 0, data: "aGk=" })).toMatchObject({ more: true });
    expect(part({ type: "response", data_type: "file_complete" })).toMatchObject({ more: false });
    expect(part({ type: "stream", stream_id: "s", status: "chunk_received" })).toMatchObject({ more: false });
  });

  it("an event", () => {
    const event = {
      time: 1,
      self_id: 10001,
      post_type: "meta_event",
      meta_event_type: "lifecycle",
      sub_type: "connect",
    };
    expect(read(event)).toMatchObject({ kind: "event", event: { post_type: "meta_event", self_id: "10001" } });
  });

  it.each(["", "{", "7", "null", "[]", "{}", '{"post_type":7}', '{"retcode":"x"}', '{"retcode":null}'])(
    "G4: %s is unreadable, and nothing is thrown",
    (text) => {
      expect(readFrame(text)).toMatchObject({ kind: "unreadable" });
    },
  );

  it("G4: any JSON is one of the four", () => {
    fc.assert(
      fc.property(
        fc.json(),
        fc.dictionary(fc.constantFrom("retcode", "post_type", "echo", "data", "message"), fc.jsonValue()),
        (text, frame) => {
          for (const each of [readFrame(text), read(frame)]) {
            expect(["reply", "bad-token", "event", "unreadable"]).toContain(each.kind);
          }
        },
      ),
    );
  });
});

describe("F9: the JSON of a call", () => {
  it("is ASCII, and means the same", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: "binary" }), fc.oneof(fc.string({ unit: "binary" }), fc.jsonValue())),
        (value) => {
          const json = toAsciiJson(value);
          expect(/^[\0-\u007f]*$/.test(json)).toBe(true);
          expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
        },
      ),
    );
  });

  it("writes what NapCat's parser would break", () => {
    expect(toAsciiJson({ text: "é中\u{1f600}\ud800" })).toBe('{"text":"\\u00e9\\u4e2d\\ud83d\\ude00\\ud800"}');
  });
});
