import { readContents } from "../../../media/contents.ts";
import { sniffFormat, type MediaKind } from "../../../media/formats.ts";
import type { Media } from "../../../media/library.ts";
import { measurePicture, measureVoice } from "../../../media/measure.ts";

/** A file of the world without a world. */
export function createMediaFixture(content: string | Buffer, name: string, kind: MediaKind = "file"): Media {
  const bytes = Buffer.from(content);
  const format = sniffFormat(bytes);
  return {
    id: "3f0c2ab1-58d7-4d6e-9c1f-0a2b4c6d8e90",
    kind,
    name,
    contents: readContents(bytes, bytes.length),
    format,
    picture: measurePicture(format, bytes),
    durationMs: measureVoice(format, bytes),
    degraded: false,
    hints: {},
  };
}
