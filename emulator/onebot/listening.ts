import type { Bus } from "../bus.ts";
import type { ChatMessage, ChatRef } from "../control.ts";
import type { Bubble } from "../transcript.ts";
import type { World } from "../world.ts";
import { isIn, register } from "./chats.ts";
import { notify, type AccountEvent } from "./events.ts";
import { encodeUpload } from "./media/file-segments.ts";
import { noticeCard } from "./notices.ts";
import { groupUin, personUin } from "./numbers.ts";

/**
 * Tells accounts what is said and taken back in the chats that they are in, by whomever. What an account has sent itself
 * its sends report, once QQ has confirmed it. Returns the function that forgets what was told.
 */
export function listenForAccounts(world: World, bus: Bus): () => void {
  const told = new Set<string>();
  const taken = new Set<string>();
  bus.subscribe((event) => {
    if (event.event !== "message") return;
    const { chat, message } = event.data;
    const accounts = [...world.state.accounts.values()].filter((account) => isIn(world, account, chat));
    if (accounts.length === 0 || message.from.kind === "system") return;
    const isNew = !told.has(message.id);
    // A message that comes in pieces is told when it is whole.
    if (message.stream === "generating") return;
    told.add(message.id);
    if (message.recalled) {
      if (taken.has(message.id)) return;
      taken.add(message.id);
      return notify(
        world,
        accounts.map(({ uin }) => uin),
        recallOf(world, chat, message),
      );
    }
    if (!isNew) return;
    tellOldCard(world, chat, message);
    for (const { uin } of accounts) if (uin !== message.from.id) tellMessage(world, uin, chat, message);
  });
  return () => {
    told.clear();
    taken.clear();
  };
}

function tellMessage(world: World, uin: string, chat: ChatRef, message: ChatMessage): void {
  const bubble = world.transcript.find(chat, message.id);
  if (!bubble) return;
  world.context.report(uin, { kind: "message", bubble });
  if (chat.kind === "group") tellUploads(world, uin, chat.group, bubble);
}

/** Files of groups are told a second time, by another id (10.26). */
function tellUploads(world: World, uin: string, group: string, { pieces = [], message }: Bubble): void {
  for (const piece of pieces) {
    if (piece.kind !== "media" || piece.media.kind !== "file") continue;
    world.context.report(uin, {
      kind: "notice",
      fields: (context) => ({
        group_id: Number(groupUin(group)),
        user_id: Number(personUin(message.from.id)),
        notice_type: "group_upload",
        file: encodeUpload(piece, context),
      }),
    });
  }
}

/** QQ tells of a member's new card when the member next speaks. */
function tellOldCard(world: World, chat: ChatRef, { from }: ChatMessage): void {
  if (chat.kind !== "group") return;
  const group = world.state.groups.get(chat.group);
  const old = group?.renamed.get(from.id);
  if (!group || old === undefined) return;
  group.renamed.delete(from.id);
  noticeCard(world, group, from.id, old);
}

function recallOf(world: World, chat: ChatRef, message: ChatMessage): (AccountEvent & { kind: "notice" })["fields"] {
  return (context) => {
    const bubble = world.transcript.find(chat, message.id);
    if (!bubble) return undefined;
    const message_id = register(context, bubble).shortId;
    const user_id = Number(personUin(message.from.id));
    if (chat.kind !== "group") return { notice_type: "friend_recall", user_id, message_id };
    const operator_id = Number(personUin(message.recalledBy ?? message.from.id));
    return { notice_type: "group_recall", group_id: Number(groupUin(chat.group)), user_id, operator_id, message_id };
  };
}
