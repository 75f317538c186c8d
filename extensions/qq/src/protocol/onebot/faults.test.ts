import { describe, expect, it } from "vitest";
import type { ActionName } from "./actions.ts";
import { classifyFailure } from "./faults.ts";

/** As NapCat writes what the core said: JSON over several lines (`onebot-napcat.md` 7.3). */
const eventRet = (body: object) => `EventRet:\n${JSON.stringify(body, undefined, 4)}\n`;
const SEND =
  "NTEvent serviceAndMethod:NodeIKernelMsgService/sendMsg ListenerName:NodeIKernelMsgListener/onMsgInfoListUpdate";
const refusal = (result: number, errMsg = "") => `EventChecker Failed: ${SEND} ${eventRet({ result, errMsg })}`;

type Row = readonly [action: ActionName, retcode: number, text: string, kind: string, retry: string, outcome?: string];

const table: readonly Row[] = [
  // 7.3: sent, and never confirmed
  ["send_group_msg", 1200, `Timeout: ${SEND} ${eventRet({ result: 0, errMsg: "" })}`, "temporary", "later", "unknown"],
  ["send_private_msg", 200, `Timeout: ${SEND} ${eventRet({})}`, "temporary", "later", "unknown"],
  [
    "send_group_forward_msg",
    1200,
    `发送伪造合并转发消息失败:Error: Timeout: ${SEND} EventRet:\n{}\n`,
    "temporary",
    "later",
    "unknown",
  ],
  ["send_group_msg", 100, "消息发送超时", "temporary", "later", "unknown"],
  // 7.3: refused by QQ
  ["send_group_msg", 1200, refusal(110), "removed", "never"],
  ["send_group_msg", 200, refusal(120), "muted", "later"],
  ["send_private_msg", 1200, refusal(103), "stranger", "never"],
  ["send_private_msg", 1200, refusal(1), "stranger", "never"],
  ["send_group_msg", 1200, refusal(1), "content", "never"],
  ["send_group_msg", 1200, refusal(-1, "rich media transfer failed"), "media", "never"],
  ["send_group_msg", 1200, refusal(-1), "content", "never"],
  ["send_private_msg", 1200, refusal(1006514, "网络连接异常!"), "offline", "later"],
  ["send_group_msg", 1200, refusal(299, "你已被禁言"), "muted", "later"],
  ["send_private_msg", 1200, "发送失败,请添加对方为好友", "stranger", "never"],
  ["delete_msg", 1200, refusal(8), "permission", "never"],
  // 7.3: never sent
  ["send_group_msg", 1200, "消息体无法解析, 请检查是否发送了不支持的消息类型", "content", "never"],
  ["send_group_msg", 1200, "未知的消息类型：tts", "content", "never"],
  ["send_group_msg", 1200, "Get Uid Error", "content", "never"],
  ["send_group_msg", 1200, "文件处理失败: 识别URL失败, uri= x", "media", "never"],
  ["send_group_msg", 1200, "ENOENT: no such file or directory, open '/x'", "media", "never"],
  ["send_group_msg", 200, "下载文件失败: Gateway Timeout", "media", "never"],
  ["send_group_msg", 1200, "语音转换失败, 请检查语音文件是否正常", "media", "never"],
  ["send_group_msg", 1200, "文件异常，大小为0", "media", "never"],
  // 4.3, 4.8, 5, 6
  ["send_private_msg", 1200, "无法获取用户信息", "target", "never"],
  ["get_msg", 1200, "消息不存在", "target", "never"],
  ["get_msg", 1200, "消息不存在或已被撤回", "target", "never"],
  ["get_group_msg_history", 1200, "消息undefined不存在", "target", "never"],
  ["set_msg_emoji_like", 1200, "msg not found", "target", "never"],
  ["set_friend_add_request", 1200, "No such request", "target", "never"],
  ["get_group_member_info", 1200, "群(30001)成员20009不存在", "target", "never"],
  ["get_group_member_info", 1200, "Uin2Uid Error: 用户ID 20009 不存在", "target", "never"],
  ["delete_msg", 1200, "Recall failed", "permission", "never"],
  ["set_group_add_request", 1200, "ERR_NOT_GROUP_ADMIN", "permission", "never"],
  ["send_like", 1200, "点赞失败 今日同一好友点赞数已达上限", "quota", "never"],
  ["get_file", 1200, "file not found", "media", "never"],
  ["get_private_file_url", 1200, "real fileUUID not found!", "media", "never"],
  ["get_record", 1200, "转换失败 out_format 字段可能格式不正确", "media", "never"],
  ["friend_poke", 1400, "packetBackend不可用，请参照文档", "unsupported", "never"],
  ["get_group_file_url", 400, "packetBackend发包能力不可用", "unsupported", "never"],
  // 8.4
  ["upload_file_stream", 1200, "Memory limit exceeded", "temporary", "later"],
  ["upload_file_stream", 1200, "SHA256 mismatch. Expected: a, Got: b", "media", "later"],
  ["upload_file_stream", 1200, "Missing memory chunk 3", "media", "later"],
  ["download_file_stream", 1200, "Download failed: file not found", "media", "never"],
  // 2.3 and 9: unknown actions, wrong calls, wrong tokens
  ["set_input_status", 1404, "不支持的API set_input_status", "unsupported", "never"],
  ["set_input_status", 200, "不支持的Api set_input_status", "unsupported", "never"],
  ["set_input_status", 1404, "API_NOT_FOUND", "unsupported", "never"],
  ["set_input_status", 404, "", "unsupported", "never"],
  ["set_input_status", 404, "Not Found", "unsupported", "never"],
  ["set_input_status", 501, "", "unsupported", "never"],
  ["get_status", 1403, "token验证失败", "token", "later"],
  ["get_status", 403, "token verify failed!", "token", "later"],
  ["get_status", 401, "", "token", "later"],
  ["get_msg", 1400, "Schema compilation error: Expected required property", "bug", "never"],
  ["get_msg", 400, "Invalid JSON", "bug", "never"],
  ["get_status", 200, "Server is closed", "temporary", "later"],
  ["get_status", 502, "<html>", "temporary", "later"],
  ["get_status", 429, "", "rate-limited", "later"],
  // 9: Lagrange says nothing but QQ's code; go-cqhttp its own words
  ["send_group_msg", 120, "", "muted", "later"],
  ["send_group_msg", 100, "SEND_MSG_API_ERROR", "content", "never"],
  ["send_group_msg", 1200, "Cannot read properties of undefined (reading 'qq')", "content", "never"],
];

describe("F9: what a failed action means", () => {
  it.each(
    table.map(([action, retcode, text, kind, retry, outcome = "refused"]) => ({
      action,
      retcode,
      text,
      fault: { kind, retry, outcome },
    })),
  )("$action $retcode $text is $fault.kind", ({ action, retcode, text, fault }) => {
    expect(classifyFailure(action, retcode, text)).toMatchObject(fault);
  });

  it("tells what QQ itself said", () => {
    expect(classifyFailure("send_group_msg", 1200, refusal(120)).result).toBe(120);
    expect(classifyFailure("send_group_msg", 1200, refusal(-1)).result).toBe(-1);
    expect(classifyFailure("send_group_msg", 1200, "文件异常，大小为0")).not.toHaveProperty("result");
  });

  it("G4: takes no time over a long text", () => {
    const began = performance.now();
    classifyFailure("send_group_msg", 1200, "消息成员".repeat(1_000_000));
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});
