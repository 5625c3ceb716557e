"""Addresses of this room."""

from django.urls import path

from khet.engines.logbooks import views

app_name = "logbooks"
urlpatterns = [
    path("", views.overview, name="list"),
    # before a book: the number of an entry would pass for the name of one
    path("<int:pk>/", views.entry, name="entry"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<slug:family>/<str:code>/", views.book, name="book"),
    path("<slug:family>/<str:code>/new/", views.new, name="new"),
]
