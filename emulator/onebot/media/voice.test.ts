import { describe, expect, it } from "vitest";
import { mp3, mp4, ogg, png, silk, wav } from "../../../test/emulator/files.ts";
import { sniffFormat } from "../../media/formats.ts";
import { measureVoice } from "../../media/measure.ts";
import { createMediaFixture } from "./testing/media.ts";
import { convertVoice, isVoice, recordBytes } from "./voice.ts";

describe("voice", () => {
  it("is SILK in QQ, whatever was recorded", () => {
    expect(recordBytes(createMediaFixture(silk, "a.silk", "voice"))).toEqual(silk);
    const made = recordBytes(createMediaFixture(wav, "a.wav", "voice"));
    expect([sniffFormat(made), measureVoice("silk", made)]).toEqual(["silk", 500]);
  });

  it("comes as it was in its own format, and as silence of its length in another", () => {
    const voice = createMediaFixture(wav, "a.wav", "voice");
    expect(convertVoice(voice, "wav")).toEqual(wav);
    const sound = convertVoice(createMediaFixture(silk, "a.silk", "voice"), "wav") ?? Buffer.alloc(0);
    expect(measureVoice("wav", sound)).toBe(60);
    const frames = convertVoice(voice, "mp3") ?? Buffer.alloc(0);
    expect([sniffFormat(frames), frames.length]).toEqual(["mp3", 20 * 104]);
    expect(convertVoice(voice, "flac")).toBeUndefined();
  });

  it("is what ffmpeg reads (8.1)", () => {
    for (const sound of [silk, wav, mp3, ogg, mp4, Buffer.from("fLaC0000")]) expect(isVoice(sound)).toBe(true);
    for (const other of [png, Buffer.from("hello"), Buffer.alloc(0)]) expect(isVoice(other)).toBe(false);
  });
});
