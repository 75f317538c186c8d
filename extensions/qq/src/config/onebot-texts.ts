import type { KeyText } from "./key-text.ts";

/** Keys of personal accounts, in the order they are documented in. */
export const oneBotTexts: Readonly<Record<string, KeyText>> = {
  httpUrl: {
    label: "NapCat HTTP address",
    default: "http://localhost:3000",
    help: "Where NapCat's HTTP server is called (onebot only); http://localhost:3000 when neither it nor wsUrl is set. With wsUrl alone, calls go over the socket.",
    helpZh:
      "NapCat HTTP 服务的地址（仅 onebot）；与 wsUrl 都不填时为 http://localhost:3000。只填 wsUrl 时，调用走 WebSocket。",
    placeholder: "http://localhost:3000",
  },
  wsUrl: {
    label: "NapCat WebSocket address",
    default: "ws://localhost:3001",
    help: "NapCat's WebSocket server, which events come from (onebot only); ws://localhost:3001 when left out, or port 3001 of the host of httpUrl when that is another machine. Nothing is dialled when reversePath is set and this is not.",
    helpZh:
      "NapCat WebSocket 服务的地址，事件由此接收（仅 onebot）；不填时为 ws://localhost:3001，若 httpUrl 在另一台机器上则为该机器的 3001 端口。设置了 reversePath 而不填此项时不主动连接。",
    placeholder: "ws://localhost:3001",
  },
  accessToken: {
    label: "NapCat token",
    help: "Token of NapCat's servers and clients (onebot only), as text or as a secret reference. NapCat's WebUI makes one; it is the same for HTTP and WebSocket.",
    helpZh:
      "NapCat 网络配置中的 token（仅 onebot），可直接填写，也可用密钥引用（SecretRef）。NapCat 的 WebUI 会自动生成；HTTP 与 WebSocket 须使用同一个。",
    sensitive: true,
  },
  tokenFile: {
    label: "NapCat token file",
    help: "Path of a file that holds the token, instead of accessToken.",
    helpZh: "存放 token 的文件路径，代替 accessToken。",
    advanced: true,
  },
  reversePath: {
    label: "Reverse path",
    help: "Path on the gateway that NapCat's WebSocket client dials, or its HTTP client posts to (onebot only): /qq-onebot, or a path below it; none when left out. Needs a token of 16 characters or more. Accounts that share a path and a token need selfId.",
    helpZh:
      "供 NapCat 的 WebSocket 客户端（反向 WS）连接或 HTTP 客户端上报的网关路径（仅 onebot）：/qq-onebot 或其下的路径，默认不启用。需要至少 16 个字符的 token；多个账号共用路径和 token 时须设置 selfId。",
    placeholder: "/qq-onebot",
    advanced: true,
  },
  selfId: {
    label: "QQ number",
    help: "QQ number that NapCat must be logged in with (onebot only); any when left out.",
    helpZh: "NapCat 必须登录的 QQ 号（仅 onebot），不填则不限。",
    advanced: true,
  },
  connectionTimeoutMs: {
    label: "Connection timeout",
    default: "30000",
    help: "Longest wait for a connection to NapCat, ms (onebot only); 30000 when left out.",
    helpZh: "连接 NapCat 的最长等待时间（毫秒，仅 onebot），默认 30000。",
    advanced: true,
  },
  reconnectIntervalMs: {
    label: "Reconnect interval",
    default: "5000",
    help: "Pause before NapCat is dialled again, ms (onebot only); 5000 when left out. It grows while that fails.",
    helpZh: "断线后重新连接 NapCat 前的等待时间（毫秒，仅 onebot），默认 5000；连续失败时逐渐延长。",
    advanced: true,
  },
  base64MaxMb: {
    label: "Base64 limit",
    default: "8",
    help: "Up to which size a file goes to NapCat as base64, MB (onebot only); 8 when left out. Larger ones go by NapCat's upload stream, as base64 makes it stall.",
    helpZh:
      "以 base64 发给 NapCat 的文件大小上限（MB，仅 onebot），默认 8。更大的文件改用 NapCat 的流式上传，因为大段 base64 会使其卡顿。",
    advanced: true,
  },
  sendGapMs: {
    label: "Send gap",
    default: "1000",
    help: "Least pause between two messages of the account, ms (onebot only); 1000 when left out. QQ takes accounts that send faster for floods.",
    helpZh: "该账号两条消息之间的最短间隔（毫秒，仅 onebot），默认 1000。发送过快可能触发 QQ 风控。",
    advanced: true,
  },
  staleAfterMinutes: {
    label: "Stale after",
    default: "15",
    help: "A message that arrives more than so many minutes after it was written is context only, and never answered (onebot only); 15 when left out.",
    helpZh: "到达时距发送已超过多少分钟的消息只作为上下文，不再回答（仅 onebot），默认 15。",
    advanced: true,
  },
  mergeForwardAfter: {
    label: "Chat record after",
    default: "0",
    help: "From how many parts on a long answer goes as one chat record (onebot only); 0, which is never, when left out.",
    helpZh: "长回答达到多少段时合并为一条聊天记录（合并转发）发送（仅 onebot），默认 0（不合并）。",
    advanced: true,
  },
  friendRequests: {
    label: "Friend requests",
    default: "ask",
    help: "What is done with friend requests (onebot only): ask shows them to the owners (commands.ownerAllowFrom), who decide in their chat, when left out; approve takes all; ignore leaves them.",
    helpZh:
      "如何处理加好友请求（仅 onebot）：ask（默认，发给 commands.ownerAllowFrom 中的所有者，由其在私聊中决定）、approve（全部同意）、ignore（不处理）。",
    advanced: true,
  },
  groupRequests: {
    label: "Group requests",
    default: "ask",
    help: "The same for invitations into groups, and requests to join groups that the account administers (onebot only).",
    helpZh: "如何处理入群邀请和（账号为管理员时的）加群申请（仅 onebot），取值同上。",
    advanced: true,
  },
};
