import { isAbsent, isFields, readText, type Fields } from "./fields.ts";
import { readGuildKeyboard, type Keyboard } from "./keyboard.ts";
import { Refusal, demand } from "./refusal.ts";
import type { Rules } from "./rules.ts";

/** A picture of a guild message: an address that the platform fetches, or the bytes themselves. */
export type GuildImage =
  | { readonly from: "url"; readonly url: string }
  | { readonly from: "data"; readonly bytes: Buffer; readonly name: string };

/** A send to a guild, read from its body. */
export interface GuildMessage {
  readonly kind: "text" | "markdown" | "embed";
  /** As the bot wrote it, escapes and marks included; "" beside a picture. */
  readonly text: string;
  readonly image: GuildImage | undefined;
  readonly msgId: string | undefined;
  readonly eventId: string | undefined;
  /** Id of the quoted message. */
  readonly quotes: string | undefined;
  readonly keyboard: Keyboard | undefined;
}

/** Members of a form that hold objects as JSON (qq-official.md 5.9). */
const OBJECTS = ["embed", "ark", "message_reference", "markdown", "keyboard"];

/** Reads JSON or a form into one shape; a form's picture stays a `File`. */
export async function readGuildFields(request: Request): Promise<Fields> {
  const isForm = request.headers.get("content-type")?.startsWith("multipart/form-data") === true;
  try {
    const body: unknown = isForm ? fieldsOf(await request.formData()) : await request.json();
    demand(isFields(body), 12002);
    return body;
  } catch {
    throw new Refusal(12002);
  }
}

const fieldsOf = (form: FormData): Fields =>
  Object.fromEntries(
    [...form].map(([name, value]) => {
      const isJson = OBJECTS.includes(name) && typeof value === "string" && value !== "";
      return [name, isJson ? (JSON.parse(value) as unknown) : value];
    }),
  );

/** Reads the body of a send to a channel or a guild DM (qq-official.md 5.9) and refuses what is malformed. */
export async function readGuildMessage(fields: Fields, rules: Rules): Promise<GuildMessage> {
  demand(isAbsent(fields["ark"]), 304004);
  const image = await readImage(fields);
  const reference = fields["message_reference"];
  const { kind, text } = readContent(fields);
  demand(text.trim() !== "" || image !== undefined, 50006);
  demand(text.length <= rules.maxText, 40054007, `(${text.length})`);
  return {
    kind,
    text,
    image,
    msgId: readText(fields, "msg_id"),
    eventId: readText(fields, "event_id"),
    quotes: isFields(reference) ? readText(reference, "message_id") : undefined,
    keyboard: readGuildKeyboard(fields["keyboard"], rules),
  };
}

function readContent(fields: Fields): Pick<GuildMessage, "kind" | "text"> {
  const { markdown, embed } = fields;
  const content = readText(fields, "content") ?? "";
  if (!isAbsent(markdown)) {
    demand(isFields(markdown), 50035, "markdown");
    demand(content === "" && isAbsent(embed), 50037);
    const isTemplate = !isAbsent(markdown["custom_template_id"]) || !isAbsent(markdown["template_id"]);
    demand(!isTemplate, 304036, "(没有审核通过的模板)");
    return { kind: "markdown", text: readText(markdown, "content") ?? "" };
  }
  if (isAbsent(embed)) return { kind: "text", text: content };
  return { kind: "embed", text: [content, ...readEmbed(embed)].filter((line) => line !== "").join("\n") };
}

/** An embed as lines: its title, then its fields. */
function readEmbed(embed: unknown): string[] {
  demand(isFields(embed), 50035, "embed");
  const rows = embed["fields"] ?? [];
  demand(Array.isArray(rows), 50035, "embed.fields");
  const names = rows.map((row: unknown) => {
    demand(isFields(row), 50035, "embed.fields");
    return readText(row, "name") ?? "";
  });
  return [readText(embed, "title") ?? "", ...names];
}

/** `file_image` wins when both are there (INF). */
async function readImage(fields: Fields): Promise<GuildImage | undefined> {
  const file = fields["file_image"];
  if (file instanceof File) return { from: "data", bytes: Buffer.from(await file.arrayBuffer()), name: file.name };
  demand(isAbsent(file), 50035, "file_image");
  const url = readText(fields, "image");
  return url === undefined ? undefined : { from: "url", url };
}
