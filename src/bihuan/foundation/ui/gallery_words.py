"""Invented words for the gallery of components, as Chinese as a real page is."""

from typing import Any

from bihuan.foundation.ui.components import Option

KIT: dict[str, Any] = {
    "tag": "标签", "stressed": "强调标签", "outlined": "线框", "can": "能办", "should": "应该办", "cannot": "确实不能办",
    "plan": "方案", "process": "过程", "satisfied": "满意", "later": "办结后评",
}  # fmt: skip

QUEUE: dict[str, Any] = {
    "title": "我的待办", "lead": "今天有 3 件到期，先办橙灯和红灯。", "register": "涉企问题台账", "export": "导出台账", "print": "打印",
    "new": "登记问题", "list": "问题列表", "filter": "筛选", "keyword": "关键词", "placeholder": "编号、企业、问题",
    "selects": ("全部板块", "全部环节", "全部部门"), "sorted": "按剩余时间排序", "views": "常用筛选", "save_view": "存下这组筛选",
    "batch": "批量操作", "selected": "件已选", "remind": "催办", "reassign": "改派", "merge": "并案", "clear": "取消选择", "all": "全选本页",
    "time": "灯与时限", "issue": "问题", "action": "操作", "select": "选择", "others": "协同", "shown": "第 1–12 件，共 50 件",
    "remind_title": "催办这几件", "remind_text": "短信和站内信会发给经办人，并记入留痕。", "remind_yes": "发催办", "remind_no": "先不催",
    "word": "附一句话", "word_help": "说清要什么、什么时候要。企业看不到。",
}  # fmt: skip

CASE: dict[str, Any] = {
    "number": "BH-2611-0087", "sheet": "涉企问题办理单", "title": "丙类仓库扩建，消防验收退回三次", "watermark": "贺川 2026-11-19 10:20",
    "crumbs": (Option(label="我的待办", url="#main"), Option(label="BH-2611-0087", url="")),
    "about": "禾原新材料（规上企业，A 类监管）· 石渚镇 · 11-05 09:12 扫码提出", "tags": ("标的物跟踪", "项目审批", "复杂 · 跨 3 部门", "必复盘"),
    "reply": "提交答复", "reply_text": "答复发给企业后，由企服中心核实。", "extend": "申请延期", "escalate": "报联席会议", "more": "更多",
    "pause": "申请停表", "reassign": "改派", "print": "打印办理单", "at": "走到办理", "light": "预警", "used": "· 时限已用 92%",
    "began": "11-05 起算", "due": "今天 17:00 到期（10 个工作日）。到点没答复，自动转政务督办。", "plan": "方案与节点", "version": "第 2 版",
    "change": "改方案", "plan_heads": ("要做什么", "谁来做", "期限", "状态"), "limit": "期限", "trace": "全程留痕", "trace_count": "14 条",
    "trace_tabs": (Option(label="全部", url="#tl-h", current=True), Option(label="流转", url="#tl-h"), Option(label="沟通", url="#tl-h")),
    "sealed": "每条都有签名，改动可查。校验通过：10:20", "older": "看更早的 7 条", "said": "企业怎么说",
    "words": "仓库 9 月完工，验收退了三次，每次理由不一样。设备已经到场，11 月底不能投产，要付违约金约 80 万元。请一次讲清还差什么。",
    "contact": "联系人 企业办事员", "phone": "13600000917", "who": "谁在办", "ladder": "升级到哪一级",
    "people": (("牵头", "区住建局 建设工程科 沈知遥"), ("协同", "区消防救援大队、区资规局"), ("属地", "石渚镇企服分中心"), ("督办", "兜底板块 贺川")),
    "sign1": "经办", "sign2": "科室", "sign3": "分管",
}  # fmt: skip

FIGURES: dict[str, Any] = {
    "title": "驾驶舱", "lead": "11 月 1—19 日 · 全区 · 10:20 更新", "span": "时段", "month": "本月", "print": "打印简报",
    "alert": "超期 9 件，比上周多 3 件。", "alert_link": "看这 9 件", "main": "主要指标", "lights": "在办 186 件，五色分布", "paused": "另停表 11 件",
    "sector": "板块", "order": "红 → 蓝", "open": "在办", "red": "红", "orange": "橙", "funnel": "从提出到满意",
    "funnel_text": "100 件里，办成 73 件，企业满意 69 件。最大的口子在“办结”到“办成”，差 39 件。", "topics": "问得最多的",
    "topics_note": "本月 · 比上月", "topic_heads": ("问题", "件", "变化", "进展"), "weeks": "近 12 周", "weeks_note": "按周，件", "week": "周",
    "weeks_label": "近 12 周收到、办结、超期件数", "fish": "为什么会超期", "fish_note": "每件由复盘人定因",
    "fish_label": "近 90 天 64 件超期，按六类原因分。数字和下表一致。",
}  # fmt: skip

BOARDS: dict[str, Any] = {
    "title": "说“不”评议", "lead": "部门说“不能办”的，拿出来评：究竟能不能办。", "add": "加入备选", "flow": "流程", "board": "评议看板，可左右滚动",
    "tabs": "榜单类别", "index": "闭环指数", "rank_heads": ("名次", "部门", "指数", "构成", "近 6 月"), "unranked": "不排", "small": "区水利局",
    "small_text": "本月 6 件，少于 10 件，只列数，不排名。", "agenda": "议程", "settled": "已定", "item1": "验收口径前后不一，6 家企业反复整改",
    "option1": "A 三部门联合到场，一次告知", "option2": "B 委托第三方出统一清单", "resolved": "决定：选 A。区住建局牵头，11 月 30 日前出告知单。",
    "now": "正在议", "item2": "用电增容排队，三家企业等了两个月",
}  # fmt: skip

STATES: dict[str, Any] = {
    "title": "各种状态", "lead": "空、错、等、断、没权限。照抄这里的写法。", "bad": "没存上，差 2 处：", "bad1": "手机号少一位", "warn": "和服务器断开了。",
    "warn1": "页面停在 10:20，正在重连。", "warn2": "现在刷新", "ok": "已催办 3 件。", "ok1": "对方收到短信后，您会看到“已读”。",
    "info": "核对期，还剩 1 天。部门对数据有异议，11 月 20 日 17:00 前提出。", "empty": "空：没有待办", "empty1": "都办完了",
    "empty2": "有新问题，会在这里出现。", "none": "0 件", "filtered": "空：筛没了", "filtered1": "没有符合的问题", "filtered2": "试试放宽条件。",
    "filtered3": "清空筛选", "denied": "没权限", "denied1": "这件不归您看", "denied2": "它在区纪委监委手里。要看，找管理员开通。", "denied3": "回我的待办",
    "wait": "等：正在加载", "broken": "错：局部没取到", "broken1": "进展没取到", "broken2": "不是您的问题。再试一次。", "broken3": "再试一次",
    "toasts": "轻提示和对话框", "toast1": "已改派给区水利局", "undo": "撤回", "toast2": "没发出去，网络断了", "ask": "要您拿主意",
    "no_title": "答复“不能办”", "no_text": "这一件会自动进说“不”评议备选库。", "no_yes": "答复不能办", "no_no": "先不答复", "why": "依据哪一条",
    "why_help": "写文件名和条款。没有依据，不能答复“不能办”。",
}  # fmt: skip

FORMS: dict[str, Any] = {"title": "提一个问题", "fresh": "没填", "wrong": "填错了", "send": "提交", "photos": "照片或文件", "take": "拍照或选文件"}

PHONE: dict[str, Any] = {
    "title": "企业服务", "hello": "禾原新材料，您好", "centre": "澜川区企服中心 · 企业码 0391", "can": "您可以", "raise": "提一个问题",
    "raise_note": "工作时间 2 小时内有人接", "track": "看进度", "track_note": "1 件在办", "rate": "去评价", "rate_note": "1 件等您评",
    "mine": "我提的问题", "case1": "丙类仓库扩建，消防验收退回三次", "soon": "正在办 · 快到期", "before": "今天 17:00 前给您答复", "urge": "催一下",
    "case2": "厂区西门路面塌陷，叉车过不去", "answered": "已答复 · 等您评价", "where": "走到哪了", "t1": "当场给复验意见", "t1at": "今天 17:00 前",
    "t2": "消防大队到现场复验", "t2at": "今天 09:55", "t3": "您传了整改照片 6 张", "t3at": "11-17 15:10", "invented": "示例数据，纯属虚构",
}  # fmt: skip

WORDS = {
    "kit": KIT, "queue": QUEUE, "case": CASE, "figures": FIGURES, "boards": BOARDS, "states": STATES, "forms": FORMS, "phone": PHONE,
    "phone-form": FORMS,
}  # fmt: skip
