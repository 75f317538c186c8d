import { isFields } from "../fields.ts";
import {
  ActionError,
  textOf,
  type AccountContext,
  type ActionTable,
  type CallContext,
  type OneBotAction,
} from "./actions.ts";
import { buildPiece } from "./build-piece.ts";
import { parseCq } from "./cq.ts";
import type { Params } from "./params.ts";
import type { Piece } from "./pieces.ts";
import { sendPieces } from "./sending.ts";
import { resolveTarget, type SendKind, type SendTarget } from "./sending-target.ts";

/** The sends (onebot-napcat.md 6.1). Their parameters are not converted (2.4). */
export const sendActions: ActionTable = {
  send_msg: sendAction("any"),
  send_private_msg: sendAction("private"),
  send_group_msg: sendAction("group"),
};

function sendAction(kind: SendKind): OneBotAction {
  return {
    check: checkMessage,
    run: async (params, context) => ({ message_id: await sendMessage(params, context, kind) }),
  };
}

/** NapCat looks into the message before it looks whether there is one: without it the check throws (0.4). */
function checkMessage({ message }: Params): undefined {
  if (message === undefined || message === null) {
    throw new TypeError("Cannot read properties of undefined (reading 'length')");
  }
}

async function sendMessage(params: Params, context: CallContext, kind: SendKind): Promise<number> {
  const target = resolveTarget(context, kind, params);
  const pieces = await buildMessage(context, target, params);
  const { timeout } = params;
  const sent = await sendPieces(context, target, pieces, typeof timeout === "number" ? timeout : undefined);
  return sent.messageId;
}

/** Makes of `message` what is sent. Segments are built side by side, and one that fails fails them all. */
export async function buildMessage(
  context: AccountContext,
  { chat }: SendTarget,
  { message, auto_escape: escape }: Params,
): Promise<readonly Piece[]> {
  const segments = readSegments(message, escape === true || escape === "true");
  const pieces = await Promise.all(
    segments.map(async (segment) => {
      const type = isFields(segment) ? textOf(segment["type"]) : "";
      const data = isFields(segment) ? segment["data"] : undefined;
      // The text of the error is JavaScript's, whose reading of `data` fails.
      if (!isFields(data)) throw new ActionError(`Cannot read properties of undefined (reading '${firstField(type)}')`);
      return buildPiece(type, data, { context, chat });
    }),
  );
  return pieces.filter((piece) => piece !== undefined);
}

/** A string is a CQ string unless it is escaped; a single segment may stand alone. */
export function readSegments(message: unknown, isPlain: boolean): readonly unknown[] {
  if (typeof message === "string") {
    if (!isPlain) return parseCq(message);
    return message === "" ? [] : [{ type: "text", data: { text: message } }];
  }
  return Array.isArray(message) ? message : [message];
}

const FIRST_FIELDS: Readonly<Record<string, string>> = { at: "qq", text: "text", reply: "id", face: "id" };
const firstField = (type: string): string => FIRST_FIELDS[type] ?? "file";
