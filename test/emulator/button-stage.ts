import { createManualClock, type MovableClock } from "../../emulator/clock.ts";
import type { ChatMessage, ChatRef, Press, Pressed } from "../../emulator/control.ts";
import { createEmulator, type Emulator, type EmulatorOptions } from "../../emulator/emulator.ts";
import { defaultSeed } from "../../emulator/seed.ts";
import { APP_ID, GROUP_AND_C2C, rawBot, type Answer, type RawBot, type RawFrame, type RawGateway } from "./raw-bot.ts";

const INTERACTION = 1 << 26;

export const dm = { kind: "dm", person: "lin", bot: APP_ID } as const;
export const group = { kind: "group", group: "test-group" } as const;
/** Is in no chat. */
export const otherBot = { appId: "102000002", secret: "another-secret", name: "另一个" };

/** An emulated QQ with a bot on its gateway that hears clicks, and what tests of buttons do with them. */
export interface ButtonStage {
  readonly emulator: Emulator;
  readonly clock: MovableClock;
  raw: RawBot;
  gateway: RawGateway;
  /** Path of sends to the DM or the group. */
  pathOf(chat: ChatRef): string;
  /** 小林 writes, and the bot has heard it; answers the message's id. */
  say(chat: ChatRef): Promise<string>;
  /** The bot replies with a keyboard; answers the message's id. */
  show(chat: ChatRef, keyboard: object): Promise<string>;
  find(chat: ChatRef, id: string): ChatMessage | undefined;
  /** 小林 presses the button "ok", unless told otherwise. */
  press(body: Partial<Press> & Pick<Press, "chat" | "message">): Promise<Pressed>;
  acknowledge(click: RawFrame, body?: unknown): Promise<Answer>;
}

export async function openButtonStage(options: EmulatorOptions = {}): Promise<ButtonStage> {
  const clock = createManualClock();
  const seed = { ...defaultSeed, bots: [...defaultSeed.bots, otherBot] };
  const emulator = await createEmulator({ clock, seed, ...options });
  const raw = await rawBot(emulator);
  const gateway = await raw.online(GROUP_AND_C2C | INTERACTION);
  const stage: ButtonStage = {
    emulator,
    clock,
    raw,
    gateway,
    pathOf: (chat) => (chat.kind === "group" ? raw.paths.group(chat.group) : raw.paths.dm("lin")),
    async say(chat) {
      const mention = chat.kind === "group" ? [APP_ID] : [];
      const { id } = await emulator.control.call("say", { person: "lin", chat, text: "嗨", mention });
      await stage.gateway.next();
      return id;
    },
    async show(chat, keyboard) {
      const body = { msg_type: 2, markdown: { content: "请批准" }, keyboard, msg_id: await stage.say(chat) };
      const answer = await stage.raw.call("POST", stage.pathOf(chat), body);
      if (answer.status !== 200) throw new Error(answer.text);
      return String(answer.body.id);
    },
    find: (chat, id) => emulator.world.messages(chat).find((message) => message.id === id),
    press: (body) => emulator.control.call("press", { person: "lin", button: "ok", ...body }),
    acknowledge: (click, body = { code: 0 }) => stage.raw.call("PUT", `/interactions/${String(click.d["id"])}`, body),
  };
  return stage;
}

/** `ok`, or the code of the refusal. */
export const outcome = ({ status, body }: Answer): number | "ok" => (status === 200 ? "ok" : Number(body.err_code));

export interface ButtonParts {
  id?: unknown;
  group_id?: string;
  render?: Record<string, unknown>;
  action?: Record<string, unknown>;
}

/** A callback button as a client writes it, with the parts that a test gives in their place. */
export const button = ({ id = "ok", render, action, ...rest }: ButtonParts = {}): object => ({
  id,
  render_data: { label: "批准", visited_label: "已批准", style: 1, ...render },
  action: { type: 1, permission: { type: 2 }, data: "approve:42", unsupport_tips: "请升级QQ", ...action },
  ...rest,
});

export const rowsOf = (...rows: object[][]): object => ({ content: { rows: rows.map((buttons) => ({ buttons })) } });
