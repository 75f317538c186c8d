import { ActionError, textOf, type ActionTable, type CallContext, type OneBotAction } from "../actions.ts";
import { findMessage } from "../chats.ts";
import { optional, required, type Params } from "../params.ts";
import { sendPieces } from "../sending.ts";
import { resolveTarget } from "../sending-target.ts";
import { filesOf } from "./account-files.ts";
import { downloadFrames } from "./download-frames.ts";
import { getFile, getRecord, openDownload, type FileWish } from "./file-results.ts";
import { keyOf, takeFile, urlOf } from "./file-segments.ts";
import { openSource } from "./sources.ts";
import type { UploadCall } from "./upload-stream.ts";

const wish = { file: optional("string"), file_id: optional("string") };
const chunks = { ...wish, chunk_size: optional("number") };

/** What can be asked about files (onebot-napcat.md 6.5, 8.4). */
export const fileActions: ActionTable = {
  get_file: { params: wish, run: (params, context) => getFile(params, context) },
  get_image: { params: wish, run: (params, context) => getFile(params, context) },
  get_record: {
    params: { ...wish, out_format: required("string") },
    run: (params, context) => getRecord({ ...params, out_format: textOf(params["out_format"]) }, context),
  },
  fetch_ptt_text: { params: { message_id: required("string") }, run: readVoice },
  get_private_file_url: {
    packet: true,
    params: { file_id: required("string") },
    run: (params, context) => findUrl(params, context),
  },
  get_group_file_url: {
    packet: true,
    params: { group_id: required("string"), file_id: required("string") },
    run: (params, context) => findUrl(params, context),
  },
  upload_private_file: uploadAction("private", "user_id"),
  upload_group_file: uploadAction("group", "group_id"),
  download_file: {
    params: { url: optional("string"), base64: optional("string"), name: optional("string"), headers: optional("any") },
    run: downloadFile,
  },
  upload_file_stream: {
    stream: true,
    params: {
      stream_id: required("string"),
      chunk_data: optional("string"),
      chunk_index: optional("number"),
      total_chunks: optional("number"),
      file_size: optional("number"),
      filename: optional("string"),
      expected_sha256: optional("string"),
      is_complete: optional("boolean"),
      verify_only: optional("boolean"),
      reset: optional("boolean"),
      file_retention: optional("number"),
    },
    run(params, context) {
      const { disk, uploads } = filesOf(context);
      // The table above has converted every field to the type that the call has it in.
      return uploads.take(params as unknown as UploadCall, { clock: context.clock, disk });
    },
  },
  clean_stream_temp_file: {
    run(_params, context) {
      const { disk, uploads } = filesOf(context);
      uploads.clean(disk);
    },
  },
  clean_cache: {
    run: (_params, context) => filesOf(context).disk.clear(),
  },
  download_file_stream: downloadAction("file"),
  download_file_image_stream: downloadAction("image"),
  download_file_record_stream: downloadAction("record"),
};

/** What QQ has heard in a voice message (6.1): what the person who sent it said that it hears. */
function readVoice({ message_id }: Params, context: CallContext): { text: string } {
  const voice = findMessage(context, textOf(message_id))?.files?.find(({ kind }) => kind === "voice");
  if (!voice) throw new ActionError("消息不存在");
  return { text: voice.hints.transcript ?? "" };
}

function findUrl(params: Params, context: CallContext): { url: string } {
  const media = filesOf(context).keys.find(textOf(params["file_id"]), context.clock.now());
  if (!media) throw new ActionError("real fileUUID not found!");
  return { url: urlOf(media, context) };
}

/** Sends a file as a chat file. The answer has no number of a message (10.36). */
function uploadAction(kind: "private" | "group", target: "user_id" | "group_id"): OneBotAction {
  return {
    params: {
      [target]: required("string"),
      file: required("string"),
      name: required("string"),
      folder: optional("string"),
      folder_id: optional("string"),
      upload_file: optional("boolean", true),
    },
    async run({ file, name, [target]: id }, context) {
      const piece = await takeFile("file", { file, name }, context);
      await sendPieces(context, resolveTarget(context, kind, { [target]: id }), [piece]);
      filesOf(context).keys.register(keyOf(piece), piece.media, context.clock.now());
      return { file_id: keyOf(piece) };
    },
  };
}

/** Brings a file onto NapCat's disk. */
async function downloadFile({ url, base64, name }: Params, context: CallContext): Promise<{ file: string }> {
  const { disk } = filesOf(context);
  const address = typeof url === "string" ? url : `base64://${textOf(base64)}`;
  const opened = await openSource({ file: address }, { disk, find: () => undefined });
  return { file: disk.write(textOf(name) || opened.name || "download", opened.bytes) };
}

/** Every frame but the last is sent on its way; the last is the answer. */
function downloadAction(kind: "file" | "image" | "record"): OneBotAction {
  return {
    stream: true,
    params: kind === "record" ? { ...chunks, out_format: optional("string") } : chunks,
    run(params, context) {
      try {
        const wanted: FileWish & { chunk_size?: number; out_format?: string } = params;
        const frames = [...downloadFrames(openDownload(kind, wanted, context))];
        for (const frame of frames.slice(0, -1)) context.emit(frame);
        return frames.at(-1);
      } catch (error) {
        if (error instanceof ActionError) throw new ActionError(`Download failed: ${error.message}`);
        throw error;
      }
    },
  };
}
