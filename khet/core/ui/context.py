"""What every page knows."""


def ui(request):
    return {}
