import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { startGateway, type Gateway } from "../../demo/gateway.ts";
import { startModel, type StandInModel } from "../../demo/model.ts";
import type { ChatMessage, ChatRef } from "../../emulator/control.ts";
import { createEmulator, type Emulator } from "../../emulator/emulator.ts";
import type { Seed } from "../../emulator/seed.ts";
import { buildPlugin } from "../../scripts/lib/build.ts";
import { waitUntil } from "./support.ts";
import { openTerminal, type Counted, type Terminal } from "./terminal.ts";

const ROOT = join(import.meta.dirname, "..", "..");
/** How long the host may take for an answer: it takes the new configuration up, connects, and loads its agent. ms. */
const ANSWER_MS = 90_000;

/**
 * What somebody has who is about to set QQ up: a gateway that runs, a model, the plugin, and nothing of QQ in the
 * configuration. The addresses of QQ are the emulator's, by environment; everything else is as it comes.
 */
export interface Newcomer {
  readonly emulator: Emulator;
  readonly model: StandInModel;
  readonly gateway: Gateway;
  /** Types `openclaw <args>`: one action. `language`: of the terminal, as in LANG. */
  command(counted: Counted, args: readonly string[], language?: string): Terminal;
  /** Writes to the bot as a person does: one action. Resolves with the platform's id of the message. */
  write(counted: Counted, person: string, chat: ChatRef, text: string): Promise<string>;
  /** The bot's next message in the chat. */
  reply(chat: ChatRef, after: string): Promise<ChatMessage>;
  /** Types the command that stands in the bot's message: one action. Resolves once it has ended well. */
  approve(counted: Counted, { text }: ChatMessage): Promise<void>;
  /** Resolves once the gateway has logged the line of the new account as ready. */
  lineReady(transport: string): Promise<void>;
  /** Takes everything of QQ out of the configuration again, as if nobody had set anything up. */
  forget(): Promise<void>;
  close(): Promise<void>;
}

const ENGLISH = "en_US.UTF-8";

export async function openNewcomer(seed: Seed): Promise<Newcomer> {
  await buildPlugin(join(ROOT, "extensions", "qq"), join(ROOT, ".cache", "build", "qq.json"));
  const emulator = await createEmulator({ seed });
  const model = await startModel();
  const env = { QQ_BOT_API_BASE_URL: emulator.url, QQ_BOT_BIND_BASE_URL: emulator.url, LANG: ENGLISH };
  // Installed: flags of a plugin that is only loaded from a path are unknown to `channels add`.
  const gateway = await startGateway({ model: { baseUrl: model.url }, plugin: { kind: "install" }, env });
  await gateway.ready;
  const untouched = await readFile(gateway.configPath, "utf8");
  let logged = 0;
  const news = (): string => gateway.log().slice(logged);
  const terminals: Terminal[] = [];
  const command: Newcomer["command"] = (counted, args, language = ENGLISH) => {
    counted.did(`types openclaw ${args.join(" ")}`);
    const env = { ...gateway.env, LANG: language, LC_ALL: language };
    const terminal = openTerminal(args, { cwd: gateway.directory, env });
    terminals.push(terminal);
    return terminal;
  };
  return {
    emulator,
    model,
    gateway,
    command,
    async write(counted, person, chat, text) {
      counted.did(`writes "${text}"`);
      return (await emulator.control.call("say", { person, chat, text })).id;
    },
    reply: (chat, after) => emulator.waitForReply({ chat, after, timeoutMs: ANSWER_MS }),
    async approve(counted, { text }) {
      const [, args = ""] = /openclaw (pairing approve qq [A-Z0-9]{8})\b/.exec(text) ?? [];
      const terminal = command(counted, args.split(" "));
      await terminal.shows(/Approved/);
      expect(await terminal.ended).toBe(0);
    },
    lineReady: (transport) =>
      waitUntil(`a line by ${transport}`, () => news().includes(`line ready transport=${transport}`)),
    async forget() {
      logged = gateway.log().length;
      if (!(await readFile(gateway.configPath, "utf8")).includes('"channels"')) return;
      await writeFile(gateway.configPath, untouched);
      const over = /config hot reload applied \([^)]*channels\.qq/;
      await waitUntil("the gateway without QQ", () => over.test(news()));
      logged = gateway.log().length;
    },
    async close() {
      for (const terminal of terminals) terminal.close();
      await gateway.stop();
      await emulator.close();
      await model.close();
    },
  };
}
