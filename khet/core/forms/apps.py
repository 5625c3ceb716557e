from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "khet.core.forms"
    label = "khet_forms"

    def ready(self):
        from khet.core.catalogue import kind
        from khet.core.forms.bands import Bands
        from khet.core.forms.schema import Form

        kind("form", "*/forms/*.yaml", Form, many=False)
        kind("bands", "*/bands-*.yaml", Bands, many=False)
