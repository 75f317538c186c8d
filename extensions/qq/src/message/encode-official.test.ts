import { describe, expect, test } from "vitest";
import { encodeKeyboard } from "./encode-official.ts";
import type { Button } from "./outbound.ts";

const plain: Button = { id: "b", label: "Yes", look: "plain", action: { kind: "callback", data: "x" } };
const encode = (button: Partial<Button>) => encodeKeyboard([[{ ...plain, ...button }]]).content.rows[0]?.buttons[0];
const labelOf = (label: string): string | undefined => encode({ label })?.render_data.label;

describe("F10: a button", () => {
  test("goes out with all that QQ asks for", () => {
    expect(encodeKeyboard([[plain]])).toEqual({
      content: {
        rows: [
          {
            buttons: [
              {
                id: "b",
                render_data: { label: "Yes", visited_label: "Yes", style: 0 },
                action: { type: 1, permission: { type: 2 }, data: "x", unsupport_tips: expect.stringMatching(/QQ/) },
              },
            ],
          },
        ],
      },
    });
  });

  test("is for those whom it names, in its set, and says what was pressed", () => {
    const encoded = encode({ onlyFor: ["m1"], set: "s", pressedLabel: "Done", look: "danger" });
    expect(encoded).toMatchObject({
      group_id: "s",
      render_data: { visited_label: "Done", style: 3 },
      action: { permission: { type: 0, specify_user_ids: ["m1"] } },
    });
  });

  test("that leads somewhere or types something says so", () => {
    expect(encode({ action: { kind: "link", url: "https://a.b" } })?.action).toMatchObject({
      type: 0,
      data: "https://a.b",
    });
    expect(encode({ action: { kind: "command", text: "/new", send: true } })?.action).toMatchObject({
      type: 2,
      data: "/new",
      enter: true,
    });
  });

  test("never has a label that QQ would refuse, nor half a character", () => {
    expect(labelOf("0123456789")).toBe("0123456789");
    expect(labelOf("01234567890")).toBe("012345678…");
    const family = "👨‍👩‍👧";
    expect(labelOf(`${family}${family}${family}`)).toBe(`${family}…`);
    expect(labelOf("总是允许这个命令执行吗请选择")).toBe("总是允许这个命令执…");
  });
});
