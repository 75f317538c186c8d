import { isRecord, parseJson } from "./json.ts";

/** Puts names in place of faces: `<faceType=1,faceId="13",ext="BASE64">`, where the base64 is JSON with the name in `text`. */
export function nameFaces(content: string): string {
  return content.replaceAll(/<faceType=\d+,faceId="[^"<>]*",ext="([^"<>]*)">/g, (_tag: string, ext: string) => {
    const face = parseJson(decodeBase64(ext));
    const name = isRecord(face) && typeof face["text"] === "string" ? face["text"] : "";
    return name === "" ? "[表情]" : `[${name}]`;
  });
}

function decodeBase64(text: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(text), (char) => char.codePointAt(0) ?? 0));
  } catch {
    return "";
  }
}
