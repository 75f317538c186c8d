import type { Clock } from "./clock.ts";
import { isFields } from "./fields.ts";
import { demand } from "./refusal.ts";
import type { Rules } from "./rules.ts";

interface Interaction {
  readonly appId: string;
  /** Absent once it was acknowledged, or too late to be. */
  settle: ((code: number | undefined) => void) | undefined;
}

/** Clicks that wait for `PUT /interactions/{id}` (qq-official.md 4.6). */
export interface Interactions {
  /** Resolves with the code of the acknowledgement, or with `undefined` when none has come in time. */
  open(id: string, appId: string): Promise<number | undefined>;
  /**
   * Reads an acknowledgement. Throws 630001 for an unknown id or a bad code, 630003 for another bot's id, and 630004
   * when it is the second one or too late (the codes are INF).
   */
  acknowledge(id: string, appId: string, body: unknown): void;
  /** Lets nobody wait any more. */
  clear(): void;
}

const CODES: ReadonlySet<unknown> = new Set([0, 1, 2, 3, 4, 5]);

export function createInteractions(clock: Clock, rules: Rules): Interactions {
  const interactions = new Map<string, Interaction>();
  return {
    open(id, appId) {
      const { promise, resolve } = Promise.withResolvers<number | undefined>();
      const settle = (code: number | undefined): void => {
        callOff();
        interaction.settle = undefined;
        resolve(code);
      };
      const interaction: Interaction = { appId, settle };
      const callOff = clock.after(rules.interactionMs, () => settle(undefined));
      interactions.set(id, interaction);
      return promise;
    },
    acknowledge(id, appId, body) {
      const code = isFields(body) ? body["code"] : undefined;
      demand(typeof code === "number" && CODES.has(code), 630001, "code");
      const interaction = interactions.get(id);
      demand(interaction !== undefined, 630001, "interaction_id");
      demand(interaction.appId === appId, 630003);
      demand(interaction.settle !== undefined, 630004);
      interaction.settle(code);
    },
    clear() {
      for (const { settle } of interactions.values()) settle?.(undefined);
      interactions.clear();
    },
  };
}
