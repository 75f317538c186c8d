import type { Software } from "./settings.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What the implementations tell otherwise of a message (onebot-napcat.md 9). */
export function shapeMessage(software: Software, fields: Fields, { seq }: { readonly seq: number }): Fields {
  switch (software) {
    case "napcat":
    case "llonebot":
      return fields;
    case "lagrange": {
      const { message_seq: _seq, real_id: _real, real_seq: _realSeq, group_name: _name, ...rest } = fields;
      return { ...rest, anonymous: null, font: 0 };
    }
    case "go-cqhttp": {
      const { real_id: _real, real_seq: _realSeq, group_name: _name, ...rest } = fields;
      const { message_id: id } = fields;
      return { ...rest, message_id: typeof id === "number" ? foldId(id) : id, message_seq: seq };
    }
  }
}

/** go-cqhttp's numbers have 32 bits with a sign: every other one is made negative. */
export const foldId = (id: number): number => (id % 2 === 0 ? id : -id);
export const unfoldId = (id: string): string => id.replace(/^-/, "");
