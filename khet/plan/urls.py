"""Addresses of this room."""

from django.urls import path

from khet.plan.views import adopting, documents, indicators, review

app_name = "plan"
urlpatterns = [
    path("", documents.overview, name="overview"),
    path("upload/", documents.upload, name="upload"),
    path("documents/<int:pk>/", documents.document, name="document"),
    path("documents/<int:pk>/file/", documents.original, name="original"),
    path("documents/<int:pk>/draft/", documents.draft, name="draft"),
    path("editions/<int:pk>/", review.structure, name="edition"),
    path("editions/<int:pk>/add/", review.add, name="item_add"),
    path("editions/<int:pk>/indicators/", indicators.overview, name="indicators"),
    path("editions/<int:pk>/adopt/", adopting.adopt, name="adopt"),
    path("editions/<int:pk>/revise/", adopting.revise, name="revise"),
    path("editions/<int:pk>/discard/", adopting.discard, name="discard"),
    path("editions/<int:pk>/compare/", adopting.compare, name="compare"),
    path("items/<int:pk>/", review.item, name="item"),
    path("items/<int:pk>/move/", review.move, name="item_move"),
    path("items/<int:pk>/remove/", review.remove, name="item_remove"),
    path("items/<int:pk>/split/", review.split, name="item_split"),
    path("items/<int:pk>/merge/", review.merge, name="item_merge"),
    path("items/<int:pk>/binding/", indicators.binding, name="binding"),
    path("items/<int:pk>/choices/", indicators.choices, name="choices"),
    path("items/<int:pk>/targets/", indicators.targets, name="targets"),
    path("items/<int:pk>/owner/", indicators.owner, name="owner"),
]
