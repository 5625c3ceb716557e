from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "khet.registers.intake"
    label = "intake"

    def ready(self):
        from khet.core.catalogue import kind
        from khet.registers.intake.schema import Source

        kind("source", "*/sources/*.yaml", Source, many=False)
