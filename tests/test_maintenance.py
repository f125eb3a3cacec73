"""The maintenance page is closed without a password, and every handler of it without a session."""

import json

import fastapi
import gradio as gr
import pytest
from fastapi.testclient import TestClient

from assistant.chat import open_chat
from assistant.desk import Desk
from assistant.errors import AssistantError
from assistant.indexing import Options, index_corpus
from assistant.journal import Journal
from assistant.settings import Settings
from assistant.ui import maintenance_page
from assistant.ui.access import COOKIE, AccessError, Sessions
from assistant.ui.desk_words import DESK_WORDS
from assistant.ui.server import create_app
from assistant.ui.words import WORDS

PASSWORD = "un mot de passe long"


@pytest.fixture
def settings(corpus, tmp_path, embedder):
    index_corpus(corpus, tmp_path / "index", embedder)
    return Settings(corpus=corpus, index=tmp_path / "index", data=tmp_path / "data", admin_password=PASSWORD)


@pytest.fixture
def client(settings):
    with TestClient(create_app(settings, open_chat(settings)), follow_redirects=False) as opened:
        yield opened


def signed_in(client, language=""):
    answer = client.post(f"{language}/maintenance/login", data={"password": PASSWORD})
    assert answer.status_code == 303
    return answer


def test_without_a_password_the_page_is_closed(settings):
    without = settings.model_copy(update={"admin_password": type(settings.admin_password)("")})
    with TestClient(create_app(without, open_chat(without))) as client:
        assert client.get("/maintenance/").status_code == 403
        assert "ASSISTANT_ADMIN_PASSWORD" in client.get("/maintenance/").text
        assert client.post("/maintenance/gradio_api/queue/join", json={}).status_code in {403, 404, 405}


def test_a_short_password_is_refused_at_the_start(settings):
    with pytest.raises(AssistantError, match="12"):
        create_app(settings.model_copy(update={"admin_password": type(settings.admin_password)("court")}), open_chat(settings))


@pytest.mark.parametrize("language", ["", "/en"])
def test_every_address_under_the_page_wants_a_session(client, language):
    assert client.get(f"{language}/maintenance/").headers["location"] == f"{language}/maintenance/login"
    for path in (
        "config",
        "gradio_api/info",
        "gradio_api/queue/data",
        "gradio_api/heartbeat/x",
        "gradio_api/file=/etc/hostname",
        "assets/x.js",
    ):
        assert client.get(f"{language}/maintenance/{path}").status_code == 401, path
    for path in ("gradio_api/queue/join", "gradio_api/upload", "gradio_api/run/predict", "gradio_api/call/x"):
        assert client.post(f"{language}/maintenance/{path}", json={}).status_code == 401, path
    signed_in(client, language)
    assert client.get(f"{language}/maintenance/").status_code == 200
    assert client.get(f"{language}/maintenance/config").status_code == 200


def test_the_cookie_is_kept_from_scripts_and_other_sites_and_ends(client):
    cookie = signed_in(client).headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie and "max-age=28800" in cookie
    assert client.post("/maintenance/logout").status_code == 303
    assert client.get("/maintenance/config").status_code == 401


def test_a_wrong_password_and_a_form_of_another_site_are_refused(client):
    assert client.post("/maintenance/login", data={"password": "faux"}).status_code == 401
    other = client.post("/maintenance/login", data={"password": PASSWORD}, headers={"origin": "https://ailleurs.example"})
    assert other.status_code == 403
    for _ in range(5):
        client.post("/maintenance/login", data={"password": "faux"})
    assert client.post("/maintenance/login", data={"password": PASSWORD}).status_code == 429


def test_a_session_ends_with_its_time():
    now = [0.0]
    sessions = Sessions(PASSWORD, 8, clock=lambda: now[0])
    cookies = {COOKIE: sessions.open(PASSWORD)}
    assert sessions.holds(cookies)
    assert not sessions.holds({}) and not sessions.holds({COOKIE: "invented"})
    now[0] = 8 * 3600 + 1.0
    with pytest.raises(AccessError):
        sessions.check(cookies)


def test_tries_are_limited_for_a_while():
    now = [0.0]
    sessions = Sessions(PASSWORD, 8, clock=lambda: now[0])
    for _ in range(5):
        with pytest.raises(AccessError, match="wrong"):
            sessions.open("faux")
    with pytest.raises(AccessError, match="too many"):
        sessions.open(PASSWORD)
    now[0] = 301.0
    assert sessions.open(PASSWORD)


@pytest.fixture
def unguarded(settings, embedder, chat):
    """The page mounted with no guard before it: only its handlers can refuse."""
    sessions = Sessions(PASSWORD, 8)
    desk = Desk(settings.corpus, settings.index, settings.data, embedder, Options())
    handlers = maintenance_page.Handlers(desk, chat, Journal(settings.data), sessions, WORDS["fr"], DESK_WORDS["fr"])
    page = maintenance_page.build(handlers, WORDS["fr"], DESK_WORDS["fr"])
    app = gr.mount_gradio_app(fastapi.FastAPI(), page, path="/open", ssr_mode=False, mcp_server=False)
    with TestClient(app) as client:
        yield client, page, sessions


def queued(client, number, inputs, cookies=None):
    """Call a handler through the queue and return its last message."""
    body = {"data": [None] * inputs, "fn_index": number, "session_hash": f"s{number}"}
    client.cookies = cookies or {}
    joined = client.post("/open/gradio_api/queue/join", json=body)
    if joined.status_code != 200:
        return {"success": False, "refused": joined.text}
    with client.stream("GET", "/open/gradio_api/queue/data", params={"session_hash": f"s{number}"}) as lines:
        for line in lines.iter_lines():
            if line.startswith("data:") and json.loads(line[5:])["msg"] == "process_completed":
                return json.loads(line[5:])
    return {"success": False, "refused": "no end"}


def test_no_handler_does_anything_without_a_session(unguarded, settings):
    client, page, sessions = unguarded
    before = sorted(settings.corpus.rglob("*"))
    numbers = [number for number, one in page.fns.items() if one.fn is not None]
    assert len(numbers) > 15
    for number in numbers:
        one = page.fns[number]
        ended = queued(client, number, len(one.inputs))
        assert ended["success"] is False, (number, one.name)
        assert "Se connecter" in json.dumps(ended, ensure_ascii=False), (number, ended)
    assert sorted(settings.corpus.rglob("*")) == before
    files = next(number for number, one in page.fns.items() if one.fn is not None and len(one.outputs) == 2 and not one.inputs)
    ended = queued(client, files, 0, {COOKIE: sessions.open(PASSWORD)})
    assert ended["success"] is True


def test_the_picture_of_a_page_is_drawn_for_documents_of_the_index_only(client):
    assert client.get("/source/page.png", params={"document": "absent.pdf", "page": 1}).status_code == 404
    assert client.get("/source/page.png", params={"document": "../../etc/passwd", "page": 1}).status_code == 404
    assert client.get("/source/page.png", params={"document": "via.md", "page": 1}).status_code == 404
    assert client.get("/source/page.png", params={"document": "via.md", "page": "x"}).status_code == 422
