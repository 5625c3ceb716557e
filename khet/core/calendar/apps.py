from django.apps import AppConfig


class CalendarConfig(AppConfig):
    name = "khet.core.calendar"
    label = "calendar"

    def ready(self):
        from khet.core.calendar.schema import Holidays
        from khet.core.catalogue import kind

        kind("holidays", "common/holidays.yaml", Holidays, many=False)
