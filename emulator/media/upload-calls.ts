import type { Scene } from "../passive.ts";
import { demand } from "../refusal.ts";
import { findTarget, planPush } from "../sending.ts";
import type { Bot } from "../state.ts";
import type { World } from "../world.ts";
import { readContents, type Contents } from "./contents.ts";
import { fetchContents, nameInUrl } from "./fetching.ts";
import { isAccepted, sniffFormat, type MediaKind } from "./formats.ts";
import type { Media } from "./library.ts";
import { readFinishedPart, readPlan, readUpload, type UploadWish } from "./upload-body.ts";

/** Answer of an upload (qq-official.md 6.1). */
export interface Uploaded {
  readonly file_uuid: string;
  readonly file_info: string;
  /** Seconds; 0 for no end. */
  readonly ttl: number;
  /** Of the message when it was sent at once, otherwise "". */
  readonly id: string;
  readonly raw_url: string;
}

/** What was brought, whichever way. */
interface Brought {
  readonly contents: Contents;
  readonly kind: MediaKind;
  readonly name: string | undefined;
}

/** A bot uploads a file for a person or a group. A refused upload leaves nothing behind. Throws `Refusal`. */
export async function uploadFile(
  world: World,
  bot: Bot,
  scene: Scene,
  toOpenid: string,
  body: unknown,
): Promise<Uploaded> {
  const { rules } = world.context;
  const target = findTarget(world, bot, scene, toOpenid);
  const wish = readUpload(body);
  const brought = await bring(world, bot, scene, wish);
  const { contents, kind } = brought;
  demand(contents.size > 0, 50035, "(0 B)");
  demand(contents.size <= rules.hardBytes, 850031);
  demand(isAccepted(kind, sniffFormat(contents.head), rules.voiceFormats), 850019);
  const isPrepared = wish.source.from === "parts";
  const bookVolume = isPrepared ? () => {} : world.media.volume.check(bot.appId, contents.size);
  const push = wish.isSentAtOnce ? planPush(world, bot, target) : undefined;

  bookVolume();
  world.media.uploads.remember(bot.appId, contents);
  const media = keep(world, brought);
  return {
    file_uuid: media.id,
    file_info: world.media.fileInfos.issue(bot.appId, scene, media),
    ttl: rules.fileInfoMs / 1000,
    id: push?.(media).id ?? "",
    raw_url: isPrepared ? rawUrl(world, media) : "",
  };
}

async function bring(world: World, bot: Bot, scene: Scene, { source, kind, name }: UploadWish): Promise<Brought> {
  const { clock, rules } = world.context;
  if (source.from === "parts") {
    const { contents, plan } = world.media.uploads.complete(bot.appId, scene, source.uploadId);
    return { contents, kind: kind ?? plan.kind, name: name ?? plan.name };
  }
  demand(kind !== undefined, 50035, "file_type");
  if (source.from === "data") return { contents: readContents(source.bytes, rules.keptMediaBytes), kind, name };
  return { contents: await fetchContents(source.url, clock, rules), kind, name: name ?? nameInUrl(source.url) };
}

/** Above its soft limit a file is shown as a file, and nothing says so (qq-official.md 6.2). */
function keep(world: World, { contents, kind, name }: Brought): Media {
  const degraded = contents.size > world.context.rules.softBytes[kind];
  const ending = sniffFormat(contents.head) ?? "bin";
  return world.media.library.add(contents, {
    kind: degraded ? "file" : kind,
    name: name ?? `${contents.md5}.${ending}`,
    degraded,
  });
}

/** Only images, videos and voice have one, and only those that came in parts (qq-official.md 6.1). */
function rawUrl(world: World, media: Media): string {
  if (media.kind === "file" || media.contents.bytes === undefined) return "";
  return world.context.origin() + world.media.library.link(media, media.format ?? "bin");
}

/** Answer of a preparation (qq-official.md 6.3). Its numbers are those of the documentation's sample. */
interface Prepared {
  readonly upload_id: string;
  /** Bytes. */
  readonly block_size: string;
  readonly parts: readonly { index: number; presigned_url: string; block_size: string }[];
  readonly upload_config: { concurrency: number; retry_timeout: number; retry_delay: number };
}

/** A bot announces a file that it will bring in parts. What it announces counts for the day. Throws `Refusal`. */
export function prepareUpload(world: World, bot: Bot, scene: Scene, toOpenid: string, body: unknown): Prepared {
  const { rules, origin } = world.context;
  findTarget(world, bot, scene, toOpenid);
  const plan = readPlan(body);
  demand(plan.size <= rules.hardBytes, 850031);
  const bookVolume = world.media.volume.check(bot.appId, plan.size);
  const { id, parts, signature } = world.media.uploads.prepare(bot.appId, scene, plan);
  if (parts.length > 0) bookVolume();
  return {
    upload_id: id,
    block_size: String(rules.partBytes),
    parts: parts.map(({ index, size }) => ({
      index,
      presigned_url: `${origin()}/_cos/${id}/${index}?sign=${signature}`,
      block_size: String(size),
    })),
    upload_config: { concurrency: 1, retry_timeout: 300, retry_delay: 1 },
  };
}

/** A bot says that a part is there. Throws `Refusal`. */
export function finishPart(world: World, bot: Bot, scene: Scene, toOpenid: string, body: unknown): object {
  findTarget(world, bot, scene, toOpenid);
  world.media.uploads.finish(bot.appId, scene, readFinishedPart(body));
  return {};
}
