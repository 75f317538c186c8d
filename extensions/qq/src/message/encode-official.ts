import type { WireButton, WireKeyboard } from "../protocol/official/messages.ts";
import type { Button, Keyboard } from "./outbound.ts";

/** Longest label, code points (QQ, "Message buttons"). */
const LABEL_POINTS = 10;
const STYLES = { plain: 0, primary: 1, danger: 3 } as const;
const ACTION_TYPES = { link: 0, callback: 1, command: 2 } as const;

/** What clients older than buttons show in their place. */
const TOO_OLD = "请升级 QQ 后再点击 / Please update QQ";

export function encodeKeyboard(keyboard: Keyboard): WireKeyboard {
  return { content: { rows: keyboard.map((row) => ({ buttons: row.map(encodeButton) })) } };
}

function encodeButton(button: Button): WireButton {
  const { action } = button;
  const data = action.kind === "callback" ? action.data : action.kind === "command" ? action.text : action.url;
  return {
    id: button.id,
    render_data: {
      label: shortened(button.label),
      visited_label: shortened(button.pressedLabel ?? button.label),
      style: STYLES[button.look],
    },
    action: {
      type: ACTION_TYPES[action.kind],
      permission: button.onlyFor ? { type: 0, specify_user_ids: button.onlyFor } : { type: 2 },
      data,
      ...(action.kind === "command" && { enter: action.send }),
      unsupport_tips: TOO_OLD,
    },
    ...(button.set !== undefined && { group_id: button.set }),
  };
}

/** Cut between whole characters, as a person counts them; QQ is taken to count code points (INF). */
function shortened(label: string): string {
  if (Array.from(label).length <= LABEL_POINTS) return label;
  let short = "";
  for (const { segment } of new Intl.Segmenter().segment(label)) {
    if (Array.from(short + segment).length >= LABEL_POINTS) break;
    short += segment;
  }
  return `${short}…`;
}
