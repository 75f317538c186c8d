import { z } from "zod";
import { maybe, Uin, wrongPaths } from "./values.ts";

/** An answer to a call (`onebot-napcat.md` 2.2). Who leaves what out differs, so only `retcode` must be there (9). */
const Reply = z.looseObject({
  retcode: z.union([
    z.number(),
    z
      .string()
      .regex(/^-?\d{1,9}$/)
      .transform(Number),
  ]),
  data: z.unknown().optional(),
  message: maybe(z.string()),
  wording: maybe(z.string()),
  msg: maybe(z.string()),
  echo: z.unknown().optional(),
  stream: maybe(z.string()),
});

/** What all events share (OneBot 11, "Events"). */
export const EventHead = z.looseObject({ post_type: z.string().min(1), self_id: maybe(Uin) });
export type EventHead = z.infer<typeof EventHead>;

/** What came down a socket, or as the body of an answer over HTTP. */
export type Frame =
  | {
      readonly kind: "reply";
      /** As the call had it; anything at all in an answer that nobody asked for. */
      readonly echo: unknown;
      /** 0: carried out. */
      readonly retcode: number;
      readonly data: unknown;
      /** What it says of a failure; empty where it says nothing. */
      readonly text: string;
      /** One of the frames of an action that answers in several, and not the last one. */
      readonly more: boolean;
    }
  /** The access token is wrong; NapCat and LLOneBot close right behind it. */
  | { readonly kind: "bad-token"; readonly text: string }
  | { readonly kind: "event"; readonly event: EventHead }
  | {
      readonly kind: "unreadable";
      /** Stable, to be counted by. */
      readonly reason: string;
      /** Names of fields that are wrong, never what is in them. */
      readonly detail: string;
    };

/** `retcode` of the frame that tells of a wrong token (`onebot-napcat.md` 2.3). */
const BAD_TOKEN = 1403;

/** Reads a frame. Never throws. */
export function readFrame(text: string): Frame {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return unreadable("malformed frame", "not JSON");
  }
  if (typeof json !== "object" || json === null || Array.isArray(json))
    return unreadable("malformed frame", "no object");
  // An event never has a `retcode`, an answer never a `post_type` (2.2).
  if (!Object.hasOwn(json, "retcode")) return readEvent(json);
  const parsed = Reply.safeParse(json);
  return parsed.success ? classifyReply(parsed.data) : unreadable("malformed answer", wrongPaths(parsed.error));
}

function classifyReply({ retcode, data, echo, stream, message, wording, msg }: z.infer<typeof Reply>): Frame {
  const text = message || wording || msg || "";
  if (retcode === BAD_TOKEN && (echo === undefined || echo === null || echo === "")) return { kind: "bad-token", text };
  return {
    kind: "reply",
    echo,
    retcode,
    data,
    text,
    more: retcode === 0 && stream === "stream-action" && isPart(data),
  };
}

/** An upload answers each call with one frame that says "stream" too, but it never has a `data_type` (8.4). */
function isPart(data: unknown): boolean {
  return z.looseObject({ type: z.literal("stream"), data_type: z.string() }).safeParse(data).success;
}

function readEvent(json: object): Frame {
  const parsed = EventHead.safeParse(json);
  return parsed.success
    ? { kind: "event", event: parsed.data }
    : unreadable("malformed frame", "neither event nor answer");
}

function unreadable(reason: string, detail: string): Frame {
  return { kind: "unreadable", reason, detail };
}

/**
 * JSON in ASCII alone. NapCat breaks other characters where a large body over HTTP is cut into pieces
 * (`onebot-napcat.md` 0, fact 12).
 */
export function toAsciiJson(value: object): string {
  return JSON.stringify(value).replaceAll(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
