import { z } from "zod";

/** A segment as it comes in (OneBot 11, "Message segments"); what its data holds depends on its type and the implementation. */
export const InSegment = z.looseObject({
  type: z.string().min(1).max(64),
  data: z.record(z.string(), z.unknown()).nullish().catch(undefined),
});
export type InSegment = z.infer<typeof InSegment>;

/**
 * A segment as it goes out. Never a CQ string: what a model writes would be carried out (`onebot-napcat.md` 4.7).
 * `file` is `http(s):`, `base64:` or a path on the implementation's machine.
 */
export type OutSegment =
  | { readonly type: "text"; readonly data: { readonly text: string } }
  | { readonly type: "at"; readonly data: { readonly qq: string } }
  | { readonly type: "reply"; readonly data: { readonly id: string } }
  | { readonly type: "image"; readonly data: { readonly file: string; readonly name?: string } }
  | { readonly type: "record"; readonly data: { readonly file: string } }
  | { readonly type: "video"; readonly data: { readonly file: string; readonly name?: string } }
  | { readonly type: "file"; readonly data: { readonly file: string; readonly name: string } };

/** One message of a chat record that is sent (`onebot-napcat.md` 6.2). */
export interface OutNode {
  readonly type: "node";
  readonly data: {
    readonly user_id: number | string;
    readonly nickname: string;
    readonly content: readonly OutSegment[];
  };
}
