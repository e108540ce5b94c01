"""Registers what exams write into the log."""
from wagtail import hooks

ACTIONS = {
    "create_blueprint": "新建组卷规则",
    "revise_blueprint": "修改组卷规则",
    "create_exam": "新建考试",
    "create_makeup": "安排补考",
    "revise_exam": "修改考试",
    "publish_exam": "发布考试",
    "close_exam": "结束考试",
    "release_results": "公布成绩",
    "ask_roster_change": "申请名册变动",
    "refuse_roster_change": "不批准名册变动",
    "exempt_candidate": "免考",
    "defer_candidate": "缓考",
    "restore_candidate": "恢复应考",
    "print_roster": "打印名册冻结表",
    "grant_time": "延时",
    "log_outage": "登记故障并补时",
    "send_message": "考场通知",
    "export_scores": "导出成绩单",
    "export_items": "导出试题分析",
    "reprint_paper": "重印试卷",
    "start_sitting": "开始作答",
    "take_over_sitting": "换设备作答",
    "freeze_sitting": "冻结作答",
    "unfreeze_sitting": "恢复作答",
    "void_sitting": "作废作答",
    "submit_sitting": "交卷",
    "store_late_answers": "收卷后送到答案",
    "decide_late_answers": "决定迟到的答案",
    "mark_script": "评分",
    "finish_marking": "阅卷完成",
    "report_fault": "试题报错",
    "answer_reports": "答复试题报错",
    "correct_question": "更正试题",
    "set_venue": "安排考点",
    "remove_venue": "取消考点",
    "set_watch": "监考设置",
    "draw_printed_paper": "抽纸质试卷",
    "draw_own_papers": "抽本人纸质试卷",
    "print_papers": "下载纸质试卷",
    "issue_certificates": "发证书",
    "revoke_certificate": "作废证书",
    "allow_certificate": "准许重发证书",
    "print_certificates": "下载全部证书",
    "finish_top_up": "做补学小测",
    "dismiss_top_up": "不做补学小测",
    "set_slot": "安排时段",
    "open_slot": "放开时段",
    "remove_slot": "取消时段",
}


@hooks.register("register_log_actions")
def register_log_actions(actions):
    for name, words in ACTIONS.items():
        actions.register_action(f"exams.{name}", words, words)
