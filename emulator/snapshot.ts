import type { AccountState, WorldState } from "./control.ts";
import type { Account } from "./onebot/account.ts";
import type { World } from "./world.ts";

/** What is not the account's own but its NapCat's. */
export type NapcatState = Omit<AccountState, "uin" | "name" | "friends" | "requests">;

/** The world as the control API shows it. */
export function snapshotOf({ binds, context, guild, state, transcript }: World): WorldState {
  const { bots, accounts, people, groups, channels } = state;
  return {
    now: context.clock.now(),
    bots: [...bots.values()].map(({ appId, name, mode, webhookUrl, state: life }) => ({
      appId,
      name,
      mode,
      ...(webhookUrl !== undefined && { webhookUrl }),
      sessions: context.sessions(appId),
      ...(life !== "live" && { life }),
    })),
    accounts: [...accounts.values()].map((account) => showAccount(account, context.napcat(account.uin))),
    people: [...people.values()],
    groups: [...groups.values()].map(({ id, name, members, bots, accounts: personal, muted, mode }) => ({
      id,
      name,
      members,
      bots: [...bots, ...personal],
      muted,
      mode,
    })),
    channels: [...channels.values()],
    chats: transcript.chats(),
    audits: guild.audits.pending(),
    binds: binds.pending(),
  };
}

function showAccount({ uin, name, friends, requests }: Account, napcat: NapcatState): AccountState {
  const open = [...requests.values()].filter(({ outcome }) => outcome === "open");
  return {
    uin,
    name,
    ...napcat,
    friends: [...friends],
    requests: open.map(({ outcome: _outcome, ...request }) => request),
  };
}
