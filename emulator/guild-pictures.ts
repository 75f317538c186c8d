import type { GuildImage } from "./guild-body.ts";
import { createContentsReader, type Contents } from "./media/contents.ts";
import { fetchContents, nameInUrl } from "./media/fetching.ts";
import { sniffFormat } from "./media/formats.ts";
import type { Media } from "./media/library.ts";
import { demand } from "./refusal.ts";
import type { World } from "./world.ts";

const PICTURES: ReadonlySet<string | undefined> = new Set(["png", "jpg", "gif", "webp", "bmp"]);

/** Takes in the picture of a guild message, fetching it where need be. What is no picture is 304010 (INF). */
export async function takeInPicture(world: World, image: GuildImage): Promise<Media> {
  const { clock, rules } = world.context;
  const contents = image.from === "url" ? await fetchContents(image.url, clock, rules) : digest(image.bytes, rules);
  demand(PICTURES.has(sniffFormat(contents.head)), 304010);
  const name = image.from === "url" ? nameInUrl(image.url) : image.name;
  return world.media.library.add(contents, { kind: "image", name: name ?? "image" });
}

function digest(bytes: Buffer, { keptMediaBytes }: { readonly keptMediaBytes: number }): Contents {
  const reader = createContentsReader(keptMediaBytes);
  reader.push(bytes);
  return reader.finish();
}
