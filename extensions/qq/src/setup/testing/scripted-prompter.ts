import type { WizardPrompter } from "openclaw/plugin-sdk/setup";

/** What a person does at one question. A select is answered by an option's value, a text by what is typed, a confirmation by yes or no. */
export interface Scripted {
  /** Part of the question, in the language it is asked in. */
  readonly asks: string | RegExp;
  /** `undefined`: plain Enter. */
  readonly answer?: string | undefined;
  /** Typed first, and refused with this. */
  readonly refused?: { readonly answer: string; readonly says: RegExp };
}

/** A person who answers these questions in this order, and nothing else. */
export interface ScriptedPrompter extends WizardPrompter {
  /** All that was shown and asked, in order. */
  readonly shown: readonly string[];
  /** Questions whose answers are masked. */
  readonly masked: readonly string[];
  /** Throws when answers are left over. */
  verify(): void;
}

/** @param isTerminal whether it prints as a terminal does; the Control UI's cannot */
export function scriptedPrompter(script: readonly Scripted[], isTerminal = true): ScriptedPrompter {
  const left = [...script];
  const shown: string[] = [];
  const masked: string[] = [];
  const surprise = (what: string): never => {
    throw new Error(`surprise: ${what}, after:\n${shown.join("\n")}`);
  };
  const next = (message: string): Scripted => {
    shown.push(message);
    const step = left.shift();
    if (!step) return surprise(`the question "${message}"`);
    const isMeant = typeof step.asks === "string" ? message.includes(step.asks) : step.asks.test(message);
    return isMeant ? step : surprise(`the question "${message}" and not ${String(step.asks)}`);
  };
  return {
    shown,
    masked,
    verify: () => {
      if (left.length > 0) surprise(`never asked: ${left.map(({ asks }) => String(asks)).join(", ")}`);
    },
    intro: async (title) => void shown.push(title),
    outro: async (message) => void shown.push(message),
    note: async (message, title) => void shown.push(`${title ?? ""}\n${message}`),
    ...(isTerminal && { plain: async (message: string) => void shown.push(message) }),
    select: async ({ message, options, initialValue }) => {
      const { answer } = next(message);
      for (const { label, hint } of options) shown.push(`( ) ${label}: ${hint ?? ""}`);
      if (answer === undefined) return initialValue ?? options[0]?.value ?? surprise("a list without options");
      const found = options.find(({ value }) => value === answer);
      return found ? found.value : surprise(`no option ${answer} at "${message}"`);
    },
    multiselect: async ({ message }) => surprise(`the question "${message}"`),
    text: async ({ message, validate, sensitive, initialValue = "" }) => {
      const { answer, refused } = next(message);
      if (sensitive === true) masked.push(message);
      if (refused && !refused.says.test(validate?.(refused.answer) ?? ""))
        surprise(`${refused.answer} was not refused as it should be: ${validate?.(refused.answer) ?? "not at all"}`);
      const typed = answer ?? initialValue;
      const refusal = validate?.(typed);
      return refusal === undefined ? typed : surprise(`"${typed}" was refused: ${refusal}`);
    },
    confirm: async ({ message, initialValue = true }) => {
      const { answer } = next(message);
      return answer === undefined ? initialValue : answer === "yes";
    },
    progress: (label) => {
      shown.push(label);
      return {
        update: (message) => void shown.push(message),
        stop: (message) => void (message !== undefined && shown.push(message)),
      };
    },
  };
}
