"""Addresses of the cases. They hold a reference made by lot, never a person."""

from django.urls import path

from khet.engines.cases.views import acting, beginning, bulk, inbox, page, people, phone

app_name = "cases"
urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("bulk/", bulk.bulk, name="bulk"),
    path("export/", inbox.export, name="export"),
    path("enter/", inbox.enter, name="enter"),
    path("begin/", beginning.choose, name="choose"),
    path("begin/<slug:kind>/<str:code>/", beginning.begin, name="begin"),
    path("phone/<slug:kind>/<str:code>/", phone.take, name="phone"),
    path("referral/<int:pk>/<slug:answer>/", people.referral, name="referral"),
    path("<uuid:ref>/", page.case, name="case"),
    path("<uuid:ref>/open/", page.open_case, name="open"),
    path("<uuid:ref>/move/<slug:move>/", acting.move, name="move"),
    path("<uuid:ref>/contact/<slug:kind>/", acting.contact, name="contact"),
    path("<uuid:ref>/contacts/<int:pk>/withdraw/", acting.withdraw, name="withdraw"),
    path("<uuid:ref>/note/", acting.note, name="note"),
    path("<uuid:ref>/task/", acting.task, name="task"),
    path("<uuid:ref>/task/<int:pk>/", acting.task_done, name="task_done"),
    path("<uuid:ref>/file/", acting.file_add, name="file_add"),
    path("<uuid:ref>/file/<int:pk>/", page.file, name="file"),
    path("<uuid:ref>/file/<int:pk>/remove/", acting.file_remove, name="file_remove"),
    path("<uuid:ref>/file/<int:pk>/restore/", acting.file_restore, name="file_restore"),
    path("<uuid:ref>/letter/<slug:code>.<slug:form>", page.letter, name="letter"),
    path("<uuid:ref>/assign/", people.assign, name="assign"),
    path("<uuid:ref>/hand-over/", people.hand_over, name="hand_over"),
    path("<uuid:ref>/level/", people.level, name="level"),
    path("<uuid:ref>/member/", people.member, name="member"),
    path("<uuid:ref>/member/<int:pk>/remove/", people.member_remove, name="member_remove"),
    path("<uuid:ref>/party/", people.party, name="party"),
    path("<uuid:ref>/party/find/", people.find_party, name="find_party"),
    path("<uuid:ref>/party/<int:pk>/remove/", people.party_remove, name="party_remove"),
    path("<uuid:ref>/refer/", people.refer, name="refer"),
    path("<uuid:ref>/link/", people.link, name="link"),
    path("<uuid:ref>/link/<int:pk>/remove/", people.unlink, name="unlink"),
    path("<uuid:ref>/merge/", people.merge, name="merge"),
    path("<uuid:ref>/reporter/", people.answer, name="answer"),
]
