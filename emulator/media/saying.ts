import type { ChatMessage, Say } from "../control.ts";
import type { Utterance } from "../events.ts";
import { ControlError } from "../refusal.ts";
import type { Bubble } from "../transcript.ts";
import type { World } from "../world.ts";
import { encodeAttachment, type Attachment } from "./attachments.ts";
import { readContents } from "./contents.ts";
import { encodeChatMedia, type Media } from "./library.ts";
import { isBase64 } from "./upload-body.ts";

/** What a person says beside words. */
export interface Extras {
  /** What the chat shows. */
  readonly shown: Pick<ChatMessage, "text" | "media" | "moreMedia">;
  /** What bots are told. */
  readonly told: Pick<Utterance, "text" | "attachments" | "forward" | "card">;
  readonly files: readonly Media[];
}

/** Takes the files, the chat record or the card of what a person says. Throws `ControlError` where QQ offers no such thing. */
export function takeExtras(world: World, say: Say): Extras {
  demandSayable(say);
  const { text, files: wanted = [], forward, card } = say;
  const files = wanted.map((file) => {
    if (!file.name || !isBase64(file.base64)) throw new ControlError("a file needs a name and base64");
    const bytes = Buffer.from(file.base64, "base64");
    const { kind, name, ...hints } = file;
    return world.media.library.add(readContents(bytes, bytes.length), { kind, name, hints });
  });
  const attachments = attach(world, files);
  const [media, ...moreMedia] = files.map(encodeChatMedia);
  return {
    shown: {
      text: shownText(say),
      ...(media && { media }),
      ...(moreMedia.length > 0 && { moreMedia }),
    },
    told: {
      text: card ? renderCard(card) : text,
      ...(attachments.length > 0 && { attachments }),
      ...(forward && { forward }),
      ...(card && { card }),
    },
    files,
  };
}

function demandSayable({ chat, text, files, forward, card, quote }: Say): void {
  const isGuild = chat.kind === "channel" || chat.kind === "guild-dm";
  if (isGuild && (forward || card)) throw new ControlError("guilds have neither chat records nor cards");
  if (forward && (card || quote !== undefined)) throw new ControlError("a chat record goes without card and quote");
  if (card && (text !== "" || files?.length || quote !== undefined)) throw new ControlError("a card goes alone");
}

/** The files of a message again, as the quote of it repeats them, with addresses of their own. */
export function attach(world: World, files: Bubble["files"] = []): readonly Attachment[] {
  return files.map((media) => encodeAttachment(media, world.media.library, world.context.origin()));
}

function shownText({ text, forward, card }: Say): string {
  if (card) return renderCard(card);
  return [text, ...(forward ? [renderRecord(forward)] : [])].filter((line) => line !== "").join("\n");
}

/** Text that stands for a card where cards cannot be shown (qq-official.md 4.1). */
const renderCard = ({ title, desc }: NonNullable<Say["card"]>): string => `[卡片消息] ${title}\n摘要: ${desc}`;

const renderRecord = (forward: NonNullable<Say["forward"]>): string =>
  ["[聊天记录]", ...forward.map(({ name, text }, at) => `${at + 1}. ${name}: ${text}`)].join("\n");
