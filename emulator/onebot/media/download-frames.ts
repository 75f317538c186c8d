import type { PictureSize } from "../../media/measure.ts";

/** 8.4: bytes of a frame where the caller asks for no other number. */
export const CHUNK_BYTES = 64 * 1024;

/** A file on its way to a client. */
export interface Download {
  readonly name: string;
  readonly bytes: Buffer;
  /** Bytes of each frame but the last. */
  readonly chunkBytes: number;
  /** Of `download_file_image_stream`. */
  readonly picture?: PictureSize;
  /** Of `download_file_record_stream`. */
  readonly outFormat?: string;
}

/** `data` of the frames of a download, in order; the last one is final. */
export function* downloadFrames({ name, bytes, chunkBytes, picture, outFormat }: Download): Generator<object> {
  yield {
    type: "stream",
    data_type: "file_info",
    file_name: name,
    file_size: bytes.length,
    chunk_size: chunkBytes,
    ...picture,
    ...(outFormat !== undefined && { out_format: outFormat }),
  };
  const count = Math.ceil(bytes.length / chunkBytes);
  for (let index = 0; index < count; index += 1) {
    const chunk = bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes);
    const data = chunk.toString("base64");
    yield {
      type: "stream",
      data_type: "file_chunk",
      index,
      data,
      size: chunk.length,
      progress: Math.round(((index * chunkBytes + chunk.length) / bytes.length) * 100),
      base64_size: data.length,
    };
  }
  yield {
    type: "response",
    data_type: "file_complete",
    total_chunks: count,
    total_bytes: bytes.length,
    message: "Download completed",
  };
}
