import { accountActions } from "./account-actions.ts";
import type { ActionTable, OneBotAction } from "./actions.ts";
import { contactActions } from "./contact-actions.ts";
import { forwardActions } from "./forward-actions.ts";
import { groupActions } from "./group-actions.ts";
import { historyActions } from "./history.ts";
import { interactionActions } from "./interaction-actions.ts";
import { fileActions } from "./media/file-actions.ts";
import { messageActions } from "./message-actions.ts";
import { requestActions } from "./request-actions.ts";
import { sendActions } from "./send-actions.ts";

/** Everything that a NapCat can be asked for. */
export const actionTable: ActionTable = {
  ...accountActions,
  ...contactActions,
  ...fileActions,
  ...forwardActions,
  ...groupActions,
  ...historyActions,
  ...interactionActions,
  ...messageActions,
  ...requestActions,
  ...sendActions,
};

/** An action by its name; `_async` and `_rate_limited` are other names of the same (onebot-napcat.md 0.5). */
export function findAction(name: string): OneBotAction | undefined {
  const plain = name.replace(/_(?:async|rate_limited)$/, "");
  return Object.hasOwn(actionTable, plain) ? actionTable[plain] : undefined;
}
