from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    name = "khet.core.workflow"
    label = "workflow"

    def ready(self):
        from khet.core.catalogue import kind
        from khet.core.workflow.schema import Workflow

        kind("workflow", "*/workflow-*.yaml", Workflow, many=False)
