"""A bulletin as a document: a file that word processors open, with the words of the bulletin and nothing else."""

import datetime as dt
import io
import zipfile
from xml.etree import ElementTree

from django.test import Client

from bihuan.casework.cases.factories import NOW
from bihuan.foundation.accounts import services as accounts
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.kernel import clock
from bihuan.mechanisms.tracking import exports, services

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def paragraphs(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[0] == "[Content_Types].xml"
        tree = ElementTree.fromstring(archive.read("word/document.xml"))
    return ["".join(text.text or "" for text in one.iter(f"{WORD}t")) for one in tree.iter(f"{WORD}p")]


def test_the_first_line_is_the_title_and_each_line_a_paragraph():
    assert paragraphs(exports.document(text="第 1 期通报\n- 已办\n\n尾")) == ["第 1 期通报", "- 已办", "", "尾"]


def test_the_enterprise_takes_its_bulletin_along_and_nobody_elses(store):
    case, track = store.tracked()
    later = NOW + dt.timedelta(days=31)
    services.publish_bulletins(now=later)

    def browser(actor) -> Client:
        client = Client()
        person = Person.objects.get(pk=actor.reader.person_id)
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    path = f"/tracking/{track.id}/bulletins/1/document/"
    with clock.at(later):
        answer = browser(store.owner).get(path)
        assert answer["Content-Type"] == exports.MEDIA_TYPE
        assert case.number in paragraphs(answer.content)[0]
        assert browser(store.stranger).get(path).status_code == 404
        token = accounts.issue_token(person_id=store.owner.person_id, name="t", now=later)
        api = Client(headers={"Authorization": f"Bearer {token}"})
        (listed,) = api.get(f"/api/v1/tracking/{track.id}/bulletins").json()["items"]
        assert case.number in listed["text"]
        assert api.get(listed["document"]).content == answer.content
