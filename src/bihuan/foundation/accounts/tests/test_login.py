import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client, RequestFactory
from django.urls import reverse

from bihuan.foundation.accounts import login, middleware, services
from bihuan.foundation.accounts.factories import PASSWORD, make_holder, make_person
from bihuan.foundation.accounts.models import Person, SecurityEvent
from bihuan.foundation.directory.factories import DISTRICT, NOW, make_enterprise
from bihuan.foundation.directory.permissions import OPERATOR

pytestmark = [pytest.mark.django_db, pytest.mark.urls("bihuan.foundation.accounts.tests.urls")]

LOGIN, OWN_PASSWORD, ACTIVATE = "account_login", "account_change_password", "mfa_activate_totp"


def post_login(client, person, password=PASSWORD, **more):
    return client.post(reverse(LOGIN), {"login": person.username, "password": password}, **more)


def logged_in(client):
    return "_auth_user_id" in client.session


def last(kind):
    return SecurityEvent.objects.filter(kind=kind).last()


def code_of(secret, steps=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def confirm(client, name):
    """Open a delicate page: it asks for the password once more."""
    asked = client.get(reverse(name))
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert client.get(asked["Location"]).status_code == 200
    answer = client.post(asked["Location"], {"password": PASSWORD, "next": reverse(name)})
    assert answer["Location"] == reverse(name)
    return client.get(reverse(name))


def with_totp(person):
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    return secret


class TestPassword:
    def test_the_page_shows_and_logs_in_whatever_the_case(self, client):
        person = make_holder("seat", username="lihua")
        assert client.get(reverse(LOGIN)).status_code == 200
        response = client.post(reverse(LOGIN), {"login": " LiHua", "password": PASSWORD, "next": "/accounts/password/"})
        assert (response.status_code, response["Location"]) == (302, "/accounts/password/")
        assert logged_in(client)
        event = last("login")
        assert (event.person_id, event.region, event.ip, event.success) == (person.pk, DISTRICT, "127.0.0.1", True)

    def test_it_never_leads_elsewhere(self, client):
        person = make_person()
        answer = client.post(
            reverse(LOGIN), {"login": person.username, "password": PASSWORD, "next": "https://evil.example/"}
        )
        assert answer["Location"] == "/"

    def test_wrong_passwords_and_names_look_the_same_and_are_recorded(self, client):
        person = make_person()
        wrong = post_login(client, person, "Wrong-horse-9")
        unknown = client.post(reverse(LOGIN), {"login": "nobody", "password": "Wrong-horse-9"})
        assert wrong.status_code == unknown.status_code == 200
        assert wrong.context["form"].non_field_errors() == unknown.context["form"].non_field_errors()
        events = list(SecurityEvent.objects.filter(kind="login_failed").order_by("id"))
        assert [(event.person_id, event.username, event.success) for event in events] == [
            (person.pk, person.username, False),
            (None, "nobody", False),
        ]
        assert "horse" not in str(SecurityEvent.objects.values())

    def test_addresses_are_kept_of_staff_only(self, client):
        firm = make_enterprise()
        post_login(client, make_holder("enterprise", enterprise_id=firm.pk))
        assert last("login").ip is None
        post_login(Client(), make_holder("leader"))
        assert last("login").ip == "127.0.0.1"

    def test_nobody_signs_up(self, client):
        assert client.get("/accounts/signup/").status_code == 404

    def test_a_session_ends_with_the_browser(self, client):
        post_login(client, make_person())
        assert client.session.get_expire_at_browser_close()

    def test_logging_out_is_recorded(self, client):
        post_login(client, make_person())
        assert client.get(reverse("account_logout")).status_code == 200
        client.post(reverse("account_logout"))
        assert not logged_in(client)
        assert last("logout")

    def test_a_disabled_person_is_told_so_only_with_the_right_password(self, client):
        person = make_person()
        services.disable_person(person_id=person.pk, actor_id=OPERATOR, now=NOW)
        assert post_login(client, person, "Wrong-horse-9").status_code == 200
        assert post_login(client, person)["Location"] == reverse("account_inactive")
        assert client.get(reverse("account_inactive")).status_code == 200
        assert not logged_in(client)

    def test_disabling_ends_open_sessions_at_once_and_for_good(self, client):
        person = make_person()
        post_login(client, person)
        assert client.get("/").content == b"True"
        services.disable_person(person_id=person.pk, actor_id=OPERATOR, now=NOW)
        assert client.get("/").content == b"False"
        services.enable_person(person_id=person.pk, actor_id=OPERATOR, now=NOW)
        assert client.get("/").content == b"False"


class TestThrottle:
    def test_five_failures_lock_and_the_right_password_waits_too(self, client):
        person = make_person()
        statuses = [post_login(client, person, "Wrong-horse-9").status_code for _ in range(5)]
        assert statuses == [200, 200, 200, 200, 429]
        locked = post_login(client, person)
        assert locked.status_code == 429
        assert locked["Retry-After"] == "1800"
        assert "30" in locked.content.decode()
        assert not logged_in(client)

    def test_the_case_of_the_name_opens_no_new_attempts(self, client):
        person = make_person("lihua")
        for name in ("lihua", "LIHUA", "LiHua", "ｌｉｈｕａ", " lihua"):
            client.post(reverse(LOGIN), {"login": name, "password": "Wrong-horse-9"})
        assert post_login(client, person).status_code == 429

    def test_others_and_other_addresses_are_not_locked(self, client):
        person, other = make_person(), make_person()
        for _ in range(5):
            post_login(client, person, "Wrong-horse-9")
        assert post_login(client, other).status_code == 302
        assert post_login(Client(), person, REMOTE_ADDR="10.1.2.3").status_code == 302

    def test_success_resets_the_count(self, client):
        person = make_person()
        for _ in range(2):
            for _ in range(4):
                post_login(client, person, "Wrong-horse-9")
            assert post_login(client, person).status_code == 302
            client.logout()

    def test_the_lock_ends_by_itself(self, client, settings):
        person = make_person()
        for _ in range(5):
            post_login(client, person, "Wrong-horse-9")
        settings.AXES_COOLOFF_TIME = 0 * settings.AXES_COOLOFF_TIME
        assert post_login(client, person).status_code == 302


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "address"),
    [
        (0, "1.2.3.4", "", "1.2.3.4"),
        (0, "1.2.3.4", "9.9.9.9", "1.2.3.4"),
        (1, "10.0.0.1", "9.9.9.9, 5.6.7.8", "5.6.7.8"),
        (2, "10.0.0.1", "9.9.9.9, 5.6.7.8, 10.0.0.2", "5.6.7.8"),
        (2, "10.0.0.1", "5.6.7.8", "10.0.0.1"),
        (1, "10.0.0.1", "nonsense", None),
        (1, "10.0.0.1", "2001:DB8::1", "2001:db8::1"),
        (0, "", "", None),
    ],
)
def test_the_address_that_counts(settings, proxies, remote, forwarded, address):
    settings.PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded)
    assert login.client_ip(request) == address


@pytest.mark.parametrize(
    ("remote", "counted"), [("1.2.3.4", "1.2.3.4"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"), ("", None)]
)
def test_all_addresses_of_one_customer_count_together(remote, counted):
    assert login.counted_ip(RequestFactory().get("/", REMOTE_ADDR=remote)) == counted


class TestOwnPassword:
    def test_a_password_set_by_others_must_be_changed_first(self, client):
        person = make_person(must_change_password=True)
        post_login(client, person)
        assert client.get("/")["Location"] == reverse(OWN_PASSWORD)
        api = client.get("/api/v1/x")
        assert (api.status_code, api.json()["code"]) == (403, "password_change_required")
        assert client.get("/", HTTP_HX_REQUEST="true")["HX-Redirect"] == reverse(OWN_PASSWORD)
        assert client.get(reverse(OWN_PASSWORD)).status_code == 200
        answer = client.post(
            reverse(OWN_PASSWORD), {"oldpassword": PASSWORD, "password1": "Quiet-kale-47", "password2": "Quiet-kale-47"}
        )
        assert answer["Location"] == "/"
        assert client.get("/").content == b"True"
        assert Person.objects.get(pk=person.pk).check_password("Quiet-kale-47")
        assert last("password_changed").person_id == person.pk

    @pytest.mark.parametrize("weak", ["short", "aaaaaaaaaaaa", "password1234"])
    def test_weak_ones_are_refused_in_the_form(self, client, weak):
        post_login(client, make_person())
        answer = client.post(reverse(OWN_PASSWORD), {"oldpassword": PASSWORD, "password1": weak, "password2": weak})
        assert answer.status_code == 200
        assert answer.context["form"].errors

    def test_somebody_without_a_password_chooses_a_first_one(self, client):
        person = make_person(password=None)
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        first = client.get(reverse(OWN_PASSWORD))["Location"]
        assert 'name="oldpassword"' not in client.get(first).content.decode()
        answer = client.post(first, {"password1": "Quiet-kale-47", "password2": "Quiet-kale-47"})
        assert answer["Location"] == "/"
        assert client.get("/").content == b"True"
        assert Person.objects.get(pk=person.pk).check_password("Quiet-kale-47")
        assert last("password_changed").person_id == person.pk
        assert client.get(first)["Location"] == reverse(OWN_PASSWORD)

    def test_other_sessions_end(self, client):
        person = make_person()
        other = Client()
        post_login(client, person)
        post_login(other, person)
        client.post(
            reverse(OWN_PASSWORD), {"oldpassword": PASSWORD, "password1": "Quiet-kale-47", "password2": "Quiet-kale-47"}
        )
        assert client.get("/").content == b"True"
        assert other.get("/").content == b"False"


class TestIdle:
    def test_an_idle_session_ends(self, client, monkeypatch):
        post_login(client, make_person())
        client.get("/")
        start = time.time()
        for minutes, alive in ((29, b"True"), (58, b"True"), (89, b"False"), (90, b"False")):
            monkeypatch.setattr(middleware.time, "time", lambda minutes=minutes: start + minutes * 60)
            assert client.get("/").content == alive

    def test_being_here_is_written_once_a_minute_not_once_a_request(self, client, django_assert_num_queries):
        post_login(client, make_person())
        client.get("/")
        with django_assert_num_queries(2):
            client.get("/")


class TestSecondFactor:
    def test_log_in_with_the_app(self, client):
        person = make_holder("audit_admin")
        secret = with_totp(person)
        answer = post_login(client, person)
        assert answer["Location"] == reverse("mfa_authenticate")
        assert not logged_in(client)
        assert client.get(reverse("mfa_authenticate")).status_code == 200
        client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
        assert logged_in(client)
        assert last("login").person_id == person.pk

    def test_the_secret_is_encrypted_at_rest(self):
        person = make_person()
        secret = with_totp(person)
        assert secret not in str(Authenticator.objects.values())

    def test_a_code_works_once(self, client):
        person = make_person()
        code = code_of(with_totp(person))
        for number, opened in ((1, True), (2, False)):
            browser = Client()
            post_login(browser, person)
            browser.post(reverse("mfa_authenticate"), {"code": code})
            assert logged_in(browser) is opened, number

    def test_a_code_works_once_even_for_another_process(self, client):
        from django.core.cache import cache

        person = make_person()
        code = code_of(with_totp(person))
        for opened in (True, False):
            cache.clear()
            browser = Client()
            post_login(browser, person)
            browser.post(reverse("mfa_authenticate"), {"code": code})
            assert logged_in(browser) is opened

    def test_old_codes_and_wrong_codes_fail_and_five_lock(self, client):
        person = make_person()
        secret = with_totp(person)
        post_login(client, person)
        answers = [client.post(reverse("mfa_authenticate"), {"code": code_of(secret, -9)}) for _ in range(5)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
        assert last("second_factor_failed").person_id == person.pk
        client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
        assert not logged_in(client)
        assert post_login(Client(), person).status_code == 429

    def test_a_right_password_between_does_not_reset_the_count_of_codes(self, client):
        person = make_person()
        secret = with_totp(person)
        for _ in range(5):
            browser = Client()
            post_login(browser, person)
            browser.post(reverse("mfa_authenticate"), {"code": code_of(secret, -9)})
        assert post_login(Client(), person).status_code == 429

    def test_roles_that_need_it_are_led_to_it_and_can_do_nothing_before(self, client, settings):
        settings.SECOND_FACTOR_REQUIRED = True
        person = make_holder("discipline")
        post_login(client, person)
        assert client.get("/")["Location"] == reverse(ACTIVATE)
        assert client.get("/api/v1/x").json()["code"] == "second_factor_required"
        page = confirm(client, ACTIVATE)
        assert page.status_code == 200
        assert b"<svg" in page.content
        assert b"style=" not in page.content
        secret = page.context["form"].secret
        answer = client.post(reverse(ACTIVATE), {"code": code_of(secret)})
        assert answer["Location"] == reverse("mfa_view_recovery_codes")
        codes = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
        assert len(codes) == 10
        assert client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"][0] == "****"
        assert client.get("/").content == b"True"
        off = client.post(reverse("mfa_deactivate_totp"))
        assert off.context["form"].errors
        assert Authenticator.objects.filter(type="totp").exists()
        self.recover(person, codes)

    def recover(self, person, codes):
        for opened in (True, False):
            browser = Client()
            post_login(browser, person)
            browser.post(reverse("mfa_authenticate"), {"code": codes[0]})
            assert logged_in(browser) is opened

    def test_it_is_not_asked_of_others_nor_outside_production(self, client, settings):
        settings.SECOND_FACTOR_REQUIRED = True
        post_login(client, make_holder("seat"))
        assert client.get("/").content == b"True"
        settings.SECOND_FACTOR_REQUIRED = False
        browser = Client()
        post_login(browser, make_holder("system_admin"))
        assert browser.get("/").content == b"True"

    def test_who_becomes_an_administrator_in_an_open_session_owes_it_too(self, client, settings):
        settings.SECOND_FACTOR_REQUIRED = True
        person = make_holder("seat")
        post_login(client, person)
        assert client.get("/").content == b"True"
        services.appoint(person_id=person.pk, role="audit_admin", region=DISTRICT, actor_id=OPERATOR, now=NOW)
        assert client.get("/").status_code == 302

    def test_a_reset_lets_a_new_phone_be_set_up(self, client):
        person = make_holder("seat")
        with_totp(person)
        services.reset_second_factor(person_id=person.pk, actor_id=OPERATOR, now=NOW)
        post_login(client, person)
        assert logged_in(client)

    @pytest.mark.parametrize("name", ["mfa_index", "mfa_generate_recovery_codes", "account_reauthenticate"])
    def test_the_other_pages_show(self, client, name):
        person = make_person()
        with_totp(person)
        client.force_login(person)
        answer = client.get(reverse(name), follow=True)
        assert answer.status_code == 200
        assert "<h2" in answer.content.decode()

    def test_switching_it_off_is_recorded(self, client):
        person = make_person()
        secret = with_totp(person)
        post_login(client, person)
        client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
        assert confirm(client, "mfa_deactivate_totp").status_code == 200
        client.post(reverse("mfa_deactivate_totp"))
        assert last("second_factor.totp_deactivated").person_id == person.pk
