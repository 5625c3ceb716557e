from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "khet.core.audit"
    label = "audit"
