import { parseArgs } from "node:util";
import { say } from "../scripts/lib/locale.mjs";
import { isTransport, type TransportName } from "./roads.ts";

/** What `npm start` was asked for. */
export interface DemoArgs {
  /** Say this, print the answer and end. */
  readonly once?: string;
  readonly transport: TransportName;
  /** Of the emulated QQ and its page. */
  readonly port?: number;
}

/** The request, or what to print instead: the usage, with what is wrong in front unless it was asked for. */
export function parseDemoArgs(args: readonly string[]): DemoArgs | { readonly usage: string; readonly code: number } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        once: { type: "string" },
        transport: { type: "string", default: "websocket" },
        port: { type: "string" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    if (values.help) return { usage: usage(), code: 0 };
    const { once, transport } = values;
    if (!isTransport(transport)) throw new Error(`--transport ${transport}`);
    if (once !== undefined && !once.trim()) throw new Error("--once ''");
    return {
      transport,
      ...(once !== undefined && { once }),
      ...(values.port !== undefined && { port: parsePort(values.port) }),
    };
  } catch (error) {
    return { usage: `${(error as Error).message}\n\n${usage()}`, code: 2 };
  }
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new Error(`--port ${text}`);
  return port;
}

function usage(): string {
  return say(
    `npm start [-- options]     an emulated QQ, a real OpenClaw gateway and the plugin, on this machine

  --once TEXT              say TEXT as a friend, print the answer and how long it took, and end
  --transport KIND         how the bot is in QQ: websocket (default) or webhook of an official bot, or onebot, a
                           personal account behind an emulated NapCat
  --port N                 port of the page (default 8990, or a free one)
  --help                   this

  OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_MODEL: use this model instead of the stand-in`,
    `npm start [-- 选项]        在本机运行：模拟的 QQ、真实的 OpenClaw 网关和本插件

  --once 文本              以好友身份发送文本，打印回复与耗时后退出
  --transport 方式         机器人接入 QQ 的方式：官方机器人用 websocket（默认）或 webhook；
                           onebot 为个人号，经由模拟的 NapCat
  --port N                 页面端口（默认 8990，被占用时另选）
  --help                   显示本帮助

  OPENAI_API_KEY、OPENAI_BASE_URL、OPENAI_MODEL：使用该模型代替替身模型`,
  );
}
