import json
import uuid
from urllib.parse import parse_qs

import pytest
from pydantic import ValidationError

from bihuan.foundation.notifications import channels
from bihuan.foundation.notifications.channels import Gateway, GatewayChannel, Message, Recipient, SendingError

WU = Recipient(username="wu", email="wu@example.com", phone="13912345678")


def message(**changes):
    facts = {
        "id": uuid.UUID(int=7),
        "address": "13912345678",
        "title": "题 & “1”",
        "text": "正文",
        "link": "https://b.example/x",
    }
    return Message(**(facts | changes))


def gateway(receiver, **changes):
    facts = {
        "address": "phone",
        "url": receiver.url,
        "body": {"to": ["{address}"], "msg": {"text": "{title} {link}"}, "n": 1},
    }
    return GatewayChannel("sms", Gateway.model_validate(facts | changes))


class TestRequest:
    def test_json(self, receiver, monkeypatch):
        monkeypatch.setenv("SMS_KEY", "secret")
        gateway(receiver, headers={"Authorization": "Bearer ${SMS_KEY}", "X-Id": "{id}"}).send(message())
        [(method, path, headers, body)] = receiver.requests
        assert (method, path) == ("POST", "/hook?x=1")
        assert headers["Authorization"] == "Bearer secret"
        assert headers["X-Id"] == str(uuid.UUID(int=7))
        assert headers["Content-Type"].startswith("application/json")
        assert json.loads(body) == {"to": ["13912345678"], "msg": {"text": "题 & “1” https://b.example/x"}, "n": 1}

    def test_form(self, receiver):
        gateway(receiver, encoding="form", body={"mobile": "{address}", "content": "【闭环】{title}"}).send(message())
        assert parse_qs(receiver.requests[0][3].decode()) == {
            "mobile": ["13912345678"],
            "content": ["【闭环】题 & “1”"],
        }

    def test_in_the_address_line(self, receiver):
        gateway(receiver, method="GET", body={}, url=receiver.url + "&to={address}&t={title}").send(message())
        assert receiver.requests[0][1].endswith("&to=13912345678&t=%E9%A2%98%20%26%20%E2%80%9C1%E2%80%9D")

    def test_what_is_filled_in_is_not_filled_in_again(self, receiver, monkeypatch):
        monkeypatch.setenv("SMS_KEY", "secret")
        gateway(receiver).send(message(title='${SMS_KEY} {link}"}'))
        assert json.loads(receiver.requests[0][3])["msg"]["text"] == '${SMS_KEY} {link}"} https://b.example/x'

    def test_a_header_cannot_be_split(self, receiver):
        gateway(receiver, headers={"X-T": "{title}"}).send(message(title="a\r\nX-Evil: 1"))
        assert "X-Evil" not in receiver.requests[0][2]


class TestAnswer:
    @pytest.mark.parametrize("status", [301, 400, 401, 500, 503])
    def test_another_status_is_a_failure_worth_another_try(self, receiver, status):
        receiver.will(status)
        with pytest.raises(SendingError) as caught:
            gateway(receiver).send(message())
        assert not caught.value.permanent

    def test_a_provider_that_says_no_with_status_200(self, receiver):
        channel = gateway(receiver, accepted={"field": "result.code", "equals": ["OK"]})
        receiver.will(200, {"result": {"code": "OK"}})
        channel.send(message())
        for answer in ({"result": {"code": "LIMIT"}}, {}, None, [1]):
            receiver.will(200, answer)
            with pytest.raises(SendingError, match=r"result\.code"):
                channel.send(message())

    def test_says_neither_number_nor_text_in_its_errors(self, receiver):
        receiver.will(500, b"13912345678")
        with pytest.raises(SendingError) as caught:
            gateway(receiver).send(message())
        assert "139" not in str(caught.value)


class TestToken:
    """WeCom and WeChat: an access token is fetched, kept, and fetched anew when the provider calls it stale."""

    def channel(self, receiver):
        base = receiver.url.split("/hook")[0]
        return gateway(
            receiver,
            address="bound",
            url=base + "/message/send?access_token={token}",
            body={"touser": "{address}", "msgtype": "text", "agentid": 7, "text": {"content": "{title}"}},
            token={"url": base + "/gettoken?corpid=a&corpsecret=${CORP_SECRET}"},
            accepted={"field": "errcode", "equals": [0], "stale_token": [40014, 42001]},
        )

    def test_once_for_many_messages(self, receiver, monkeypatch):
        monkeypatch.setenv("CORP_SECRET", "s3")
        receiver.will(200, {"errcode": 0, "access_token": "T1"})
        receiver.will(200, {"errcode": 0})
        receiver.will(200, {"errcode": 0})
        channel = self.channel(receiver)
        channel.send(message(address="wu"))
        channel.send(message(address="wu"))
        assert [path for _, path, _, _ in receiver.requests] == [
            "/gettoken?corpid=a&corpsecret=s3",
            "/message/send?access_token=T1",
            "/message/send?access_token=T1",
        ]
        assert json.loads(receiver.requests[1][3])["touser"] == "wu"

    def test_a_stale_one_is_replaced_once(self, receiver):
        for answer in ({"access_token": "T1"}, {"errcode": 42001}, {"access_token": "T2"}, {"errcode": 0}):
            receiver.will(200, answer)
        self.channel(receiver).send(message())
        assert receiver.requests[-1][1] == "/message/send?access_token=T2"

    def test_no_token_no_message(self, receiver):
        receiver.will(200, {"errcode": 40013})
        with pytest.raises(SendingError, match="no access token"):
            self.channel(receiver).send(message())
        assert len(receiver.requests) == 1


class TestSetUp:
    def test_nothing_set_up_means_inbox_only(self, settings):
        settings.NOTIFICATIONS = {}
        assert channels.active() == {}

    def test_from_settings(self, settings):
        settings.NOTIFICATIONS = {
            "sender": "no-reply@b.example",
            "gateways": {"sms": {"address": "phone", "url": "https://sms.example/send"}},
            "internal_networks": ["10.20.0.0/16"],
        }
        assert list(channels.active()) == ["email", "sms"]
        assert channels.active()["sms"] is channels.active()["sms"]

    def test_a_wrong_key_is_named(self, settings):
        settings.NOTIFICATIONS = {"gatways": {}}
        with pytest.raises(ValidationError, match="gatways"):
            channels.active()

    def test_addresses(self, receiver):
        assert gateway(receiver).address_of(WU, "") == "13912345678"
        assert gateway(receiver).address_of(WU, "139000") == "139000"
        assert gateway(receiver, address="bound").address_of(WU, "") == ""
        assert gateway(receiver, address="bound").address_of(WU, "wx_1") == "wx_1"
