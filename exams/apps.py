from django.apps import AppConfig


class ExamsConfig(AppConfig):
    name = "exams"
    verbose_name = "考试"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from mingfa.audit import register_check
        from mingfa.bank.registry import (
            AnswerKind,
            answer_kinds,
            beliefs_held,
            on_coming_exams,
            on_open_papers,
            where_used,
        )
        from mingfa.people.registry import last_activity, on_disable, own_records

        from .actions import freeze_sittings_of
        from .actions.tallying import KIND
        from .beliefs import held
        from .own import exams_of_person
        from .proving import broken_marks, broken_results, unproved_marks
        from .queries import last_sat, questions_on_open_papers
        from .reserved import questions_of_coming_exams
        from .tallies import answers_in, are_marks_final, exams_over, named_exams, uses_in_exams

        def freeze(user, now):
            freeze_sittings_of(user, reason="账号停用", now=now)

        register_check(broken_marks)
        register_check(broken_results)
        register_check(unproved_marks)
        own_records.append(exams_of_person)
        on_disable.append(freeze)
        last_activity.append(last_sat)
        on_open_papers.append(questions_on_open_papers)
        on_coming_exams.append(questions_of_coming_exams)
        beliefs_held.append(held)
        where_used.append(uses_in_exams)
        answer_kinds[KIND] = AnswerKind(exams_over, are_marks_final, answers_in, named_exams)
