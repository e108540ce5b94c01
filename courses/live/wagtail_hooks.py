"""Registers what live trainings write into the log."""
from wagtail import hooks

ACTIONS = {
    "create_training": "新建实时培训",
    "revise_training": "修改实时培训",
    "state": "实时培训转换状态",
    "settle": "确定签到结果",
    "confirm_checkin": "确认签到",
    "add_deck": "上传课件",
    "remove_deck": "删除课件",
    "write_notes": "修改课件备注",
    "prepare": "备好互动题",
    "unprepare": "删除备好的互动题",
    "refused": "拒绝越权操作",
    "make_bundle": "下载会场离线包",
    "refuse_result": "拒绝离线结果",
    "merge_result": "合并离线结果",
    "confirm_result": "确认离线结果",
    "keep_photo": "存入会场照片",
    "see_photo": "查看会场照片",
    "give_reason": "写签到原因",
    "correct_attendance": "更正签到结果",
    "draft_minutes": "起草会议纪要",
    "revise_minutes": "修改会议纪要",
    "freeze_minutes": "会议纪要定稿",
    "make_up": "完成补学",
    "plan_followup": "安排培训后的考试",
    "set_term": "改录像和照片保存期限",
    "clear_files": "到期删除录像和照片",
    "watch_replay": "观看回放",
    "download_recording": "下载录像",
    "export": "导出培训材料",
    "plan_media": "安排音视频",
    "record": "开始录制",
    "recorded": "保存录像",
    "meeting": "进入外部会议",
}


@hooks.register("register_log_actions")
def register_log_actions(actions):
    for name, words in ACTIONS.items():
        actions.register_action(f"live.{name}", words, words)
