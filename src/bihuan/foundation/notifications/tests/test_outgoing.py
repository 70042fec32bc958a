import ipaddress
import socket
import threading
import time

import pytest

from bihuan.foundation.notifications import outgoing
from bihuan.foundation.notifications.outgoing import FailedError, RefusedError

INSIDE = (ipaddress.ip_network("10.20.0.0/16"),)


@pytest.fixture
def production(settings):
    settings.MODE = "production"


def resolves_to(monkeypatch, *addresses):
    family = {True: socket.AF_INET6, False: socket.AF_INET}
    found = [(family[":" in one], socket.SOCK_STREAM, 6, "", (one, 443)) for one in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: found)


@pytest.mark.usefixtures("production")
class TestRefused:
    @pytest.mark.parametrize(
        "url",
        [
            "",
            "example.com",
            "http://example.com/",
            "http://127.0.0.1/",
            "http://localhost/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://[64:ff9b::7f00:1]/",
            "https://[2002:7f00:1::]/",
            "https://0.0.0.0/",
            "https://10.0.0.1/",
            "https://172.16.0.1/",
            "https://192.168.1.1/",
            "https://100.64.0.1/",
            "https://169.254.169.254/latest/meta-data",
            "https://[fe80::1%25eth0]/",
            "https://[fd00::1]/",
            "https://224.0.0.1/",
            "https://255.255.255.255/",
            "https://user:pass@example.com/",
            "ftp://example.com/",
            "file:///etc/passwd",
            "gopher://example.com/",
            "https://example.com:99999/",
            "https://example.com/\r\nX: y",
            "https://exa mple.com/",
            "https://[::1",
            "https://example.com/" + "a" * 500,
            "https://例子.cn/路径",
        ],
    )
    def test_addresses_that_may_not_be_called(self, url):
        with pytest.raises(RefusedError):
            outgoing.target(url)

    @pytest.mark.parametrize("url", ["https://example.com/hook?x=1", "https://例子.cn/", "https://93.184.216.34:8443/"])
    def test_addresses_that_may(self, url):
        assert outgoing.target(url).scheme == "https"

    @pytest.mark.parametrize(
        "addresses", [["127.0.0.1"], ["93.184.216.34", "10.0.0.1"], ["::1"], ["::ffff:192.168.0.1"], ["169.254.1.1"]]
    )
    def test_a_public_name_for_an_inner_address(self, monkeypatch, addresses):
        resolves_to(monkeypatch, *addresses)
        with pytest.raises(RefusedError):
            outgoing.call("https://evil.example/")

    @pytest.mark.parametrize(
        "url", ["https://2130706433/", "https://0x7f000001/", "https://127.1/", "https://017700000001/"]
    )
    def test_other_spellings_of_this_machine(self, url):
        # Whatever the resolver makes of them, the address it finds is checked.
        with pytest.raises((RefusedError, FailedError)):
            outgoing.call(url)

    def test_networks_of_the_house_only_when_allowed(self, monkeypatch):
        assert outgoing.target("http://10.20.3.4/x", allowed=INSIDE).host == "10.20.3.4"
        with pytest.raises(RefusedError):
            outgoing.target("http://10.21.3.4/x", allowed=INSIDE)

    def test_goes_to_the_address_that_was_checked(self, monkeypatch):
        resolves_to(monkeypatch, "93.184.216.34")
        dialled = []

        def dial(address, timeout):
            dialled.append(address)
            raise OSError("stop here")

        monkeypatch.setattr(socket, "create_connection", dial)
        with pytest.raises(FailedError):
            outgoing.call("https://example.com/")
        assert dialled == [("93.184.216.34", 443)]

    def test_an_unknown_name_may_be_known_later(self, monkeypatch):
        def fail(*_args, **_more):
            raise socket.gaierror

        monkeypatch.setattr(socket, "getaddrinfo", fail)
        with pytest.raises(FailedError):
            outgoing.call("https://nowhere.example/")


class TestCall:
    def test_sends_what_it_is_given(self, receiver):
        receiver.will(201, {"ok": True})
        answer = outgoing.call(receiver.url, body=b"{}", headers={"X-A": "b"})
        assert (answer.status, answer.body) == (201, b'{"ok": true}')
        [(method, path, headers, body)] = receiver.requests
        assert (method, path, body, headers["X-A"]) == ("POST", "/hook?x=1", b"{}", "b")

    def test_does_not_follow_redirects(self, receiver):
        receiver.will(302, b"", Location="http://127.0.0.1:1/")
        assert outgoing.call(receiver.url).status == 302
        assert len(receiver.requests) == 1

    def test_cuts_long_answers(self, receiver):
        receiver.will(200, b"x" * 1_000_000)
        assert len(outgoing.call(receiver.url).body) == outgoing.MAX_ANSWER

    def test_a_closed_door_may_open_later(self, receiver):
        receiver.close()
        with pytest.raises(FailedError):
            outgoing.call(receiver.url)

    def test_ends_when_the_other_side_only_drips(self, monkeypatch):
        monkeypatch.setattr(outgoing, "LONGEST", 0.5)
        server = socket.create_server(("127.0.0.1", 0))

        def drip():
            talk, _ = server.accept()
            try:
                talk.sendall(b"HTTP/1.1 200 OK\r\n")
                while True:
                    time.sleep(0.05)
                    talk.sendall(b"X: y\r\n")
            except OSError:
                pass

        threading.Thread(target=drip, daemon=True).start()
        started = time.monotonic()
        with pytest.raises(FailedError):
            outgoing.call(f"http://127.0.0.1:{server.getsockname()[1]}/")
        assert time.monotonic() - started < 3
        server.close()
