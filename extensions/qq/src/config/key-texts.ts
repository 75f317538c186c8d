import { commonTexts } from "./common-texts.ts";
import type { KeyText } from "./key-text.ts";
import { officialTexts } from "./official-texts.ts";
import { oneBotTexts } from "./onebot-texts.ts";

/** Each key of `channels.qq`, in the order it is documented in. */
export const keyTexts: Readonly<Record<string, KeyText>> = { ...officialTexts, ...oneBotTexts, ...commonTexts };
