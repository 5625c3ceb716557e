from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "khet.core.catalogue"
    label = "catalogue"

    def ready(self):
        from khet.core.catalogue import kind
        from khet.core.catalogue.schema import Calendar, CodeList, System

        kind("system", "*/system.yaml", System, many=False)
        kind("codes", "*/codes/*.yaml", CodeList, many=False)
        kind("calendar", "common/calendar.yaml", Calendar, many=False)
