// Events as a NapCat writes them (onebot-napcat.md 4 and 5), and such as none does.
import { groupUin } from "../../emulator/onebot/numbers.ts";
import { UIN, type World } from "./world.ts";

/** A direct message; what is given stands in the place of what is right. */
function privateMessage(more: object, time = 1_795_322_246): string {
  return JSON.stringify({
    self_id: Number(UIN),
    user_id: 20001,
    time,
    message_id: 812_450_734,
    message_type: "private",
    sub_type: "friend",
    sender: { user_id: 20001, nickname: "小林", card: "" },
    raw_message: "hi",
    font: 14,
    message: [{ type: "text", data: { text: "hi" } }],
    message_format: "array",
    post_type: "message",
    ...more,
  });
}

/** Each costs one count. */
export const malformedEvents: readonly (readonly [name: string, text: string])[] = [
  ["not JSON", "not JSON"],
  ["half an event", privateMessage({}).slice(0, -5)],
  ["null", "null"],
  ["an array", `[${privateMessage({})}]`],
  ["a number", "1e400"],
  ["neither event nor answer", "{}"],
  ["a post_type that is a list", privateMessage({ post_type: ["message"] })],
  ["no message_id", privateMessage({ message_id: null })],
  ["a sender that is an object", privateMessage({ user_id: {}, sender: [] })],
  ["a sender that is a path", privateMessage({ user_id: "../20001", sender: null })],
  ["a group message without a group", privateMessage({ message_type: "group" })],
  ["nothing that was said", privateMessage({ message: [], raw_message: "" })],
  ["an event of no known form", privateMessage({ post_type: "<script>" })],
  ["a notice of no known form", JSON.stringify({ post_type: "notice", notice_type: "<script>", self_id: Number(UIN) })],
  ["lists in lists", privateMessage({ message: JSON.parse(`${"[".repeat(3000)}${"]".repeat(3000)}`) })],
  ["5 MB", "x".repeat(5 * 1024 * 1024)],
];

/** The number of a group in the place of a person's. */
export function forgedMessage({ time }: World): string {
  const forged = Number(groupUin("one"));
  return privateMessage({ user_id: forged, sender: { user_id: forged } }, Math.floor(time.line.now() / 1000));
}
