"""The way into the maintenance page: a form, a cookie, and a guard before every address under it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from html import escape
from urllib.parse import urlsplit

import fastapi
from fastapi.responses import HTMLResponse, RedirectResponse

from assistant.ui import layout
from assistant.ui.access import COOKIE, AccessError, Sessions, TooManyTriesError
from assistant.ui.desk_words import DESK_WORDS
from assistant.ui.words import WORDS

_LANGUAGES = ("fr", "en")
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:24rem;margin:4rem auto;padding:0 1rem;color:#1f2937;background:#fff}"
    "input,button{font:inherit;padding:.5rem;width:100%;box-sizing:border-box;margin:.3rem 0 1rem}button{background:#1d4ed8;color:#fff;border:0;border-radius:.4rem}"
    ":focus-visible{outline:3px solid #1d4ed8;outline-offset:2px}.wrong{color:#991b1b;font-weight:600}"
    "@media(prefers-color-scheme:dark){body{color:#f3f4f6;background:#18181b}.wrong{color:#fca5a5}a{color:#93c5fd}}"
)


def guard(app: fastapi.FastAPI, sessions: Sessions) -> None:
    """Add the form to an application, and refuse whatever else is asked under the maintenance page without a session."""
    for language in _LANGUAGES:
        base = layout.address("maintenance", language)
        app.add_api_route(f"{base}login", _form(language), methods=["GET"])
        app.add_api_route(f"{base}login", _sign_in(language, sessions), methods=["POST"])
        app.add_api_route(f"{base}logout", _sign_out(language, sessions), methods=["POST"])

    @app.middleware("http")
    async def refuse(request: fastapi.Request, answer: Callable[[fastapi.Request], Awaitable[fastapi.Response]]) -> fastapi.Response:
        base = next((one for one in map(_base, _LANGUAGES) if f"{request.url.path}/".startswith(one)), None)
        if base is None or request.url.path == f"{base}login" or sessions.holds(request.cookies):
            return await answer(request)
        if request.method == "GET" and request.url.path in {base, base.rstrip("/")}:
            return RedirectResponse(f"{base}login", status_code=303)
        return fastapi.Response(status_code=401)


def closed(app: fastapi.FastAPI) -> fastapi.FastAPI:
    """Return the application with a page that says the maintenance page is closed."""
    for language in _LANGUAGES:
        text = f"<p>{escape(DESK_WORDS[language].closed)}</p>"
        app.add_api_route(_base(language), _page(language, text, 403), methods=["GET"])
    return app


def dependency(sessions: Sessions) -> Callable[[fastapi.Request], str | None]:
    """Return what tells Gradio who asks, None where nobody is signed in."""
    return lambda request: "maintainer" if sessions.holds(request.cookies) else None


def _base(language: str) -> str:
    return layout.address("maintenance", language)


def _form(language: str, told: str = "", status: int = 200) -> Callable[[], HTMLResponse]:
    said = DESK_WORDS[language]
    alert = f'<p class="wrong" role="alert">{escape(told)}</p>' if told else ""
    form = (
        f'<form method="post" action="{_base(language)}login"><label for="password">{said.password}</label>'
        f'<input id="password" name="password" type="password" autocomplete="current-password" required autofocus>'
        f"<button>{said.sign_in}</button></form>"
    )
    return _page(language, alert + form, status)


def _page(language: str, body: str, status: int) -> Callable[[], HTMLResponse]:
    words, said = WORDS[language], DESK_WORDS[language]
    home = f'<p><a href="{layout.address("chat", language)}">{words.title}</a></p>'
    text = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{said.title} — {escape(words.title)}</title><style>{_STYLE}</style></head><body><main><h1>{said.title}</h1>{body}{home}</main></body></html>"
    )
    return lambda: HTMLResponse(text, status_code=status, headers={"Cache-Control": "no-store"})


def _sign_in(language: str, sessions: Sessions) -> Callable[..., fastapi.Response]:
    said = DESK_WORDS[language]

    def sign_in(request: fastapi.Request, password: str = fastapi.Form("")) -> fastapi.Response:
        """Open a session, or show the form again."""
        if not _from_here(request):
            return fastapi.Response(status_code=403)
        try:
            token = sessions.open(password)
        except TooManyTriesError:
            return _form(language, said.too_many, 429)()
        except AccessError:
            return _form(language, said.wrong, 401)()
        response = RedirectResponse(_base(language), status_code=303)
        secure = request.url.scheme == "https"
        response.set_cookie(COOKIE, token, max_age=sessions.seconds, httponly=True, samesite="strict", secure=secure, path="/")
        return response

    return sign_in


def _sign_out(language: str, sessions: Sessions) -> Callable[..., fastapi.Response]:
    def sign_out(request: fastapi.Request) -> fastapi.Response:
        """End the session."""
        if not _from_here(request):
            return fastapi.Response(status_code=403)
        sessions.close(request.cookies)
        response = RedirectResponse(f"{_base(language)}login", status_code=303)
        response.delete_cookie(COOKIE, path="/")
        return response

    return sign_out


def _from_here(request: fastapi.Request) -> bool:
    """Tell whether a form was sent from this site, as far as the browser says."""
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")
