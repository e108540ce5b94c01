from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "mingfa.operations"
    label = "operations"
    verbose_name = "运行维护"
