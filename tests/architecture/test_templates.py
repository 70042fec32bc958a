"""Pages obey the strict content security policy and the one catalogue of texts."""

import re

import pytest

from tests.architecture import SOURCE, name_of, python_files, templates

CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]")
# A letter-like run between tags that no translation tag wraps: words a reader of the other language would see raw.
COMMENT = re.compile(r"\{#.*?#\}|\{% comment.*?endcomment %\}|<!--.*?-->", re.S)
TRANSLATED = re.compile(r"\{% blocktrans(?:late)?\b.*?%\}.*?\{% endblocktrans(?:late)? %\}", re.S)
CLASSES = re.compile(r"\{% block \w*class\w* %\}.*?\{% endblock %\}", re.S)
TAGS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.S)
MARKUP = re.compile(r"<[^>]*>|&\w+;", re.S)
NOT_WORDS = {
    "Bihuan",
    "USCC",
    "HTMX",
    "API",
    "CSV",
    "XLSX",
    "PDF",
    "JSON",
    "DOCX",
    "QR",
    "openapi",
    "json",
    "Excel",
    "Lines",
}

FORBIDDEN = {
    "an inline style": re.compile(r"\sstyle\s*=", re.I),
    "an inline handler": re.compile(r"<[^>]*\s(?:on[a-z]+|hx-on[:\w-]*)\s*=", re.I),
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", re.I),
    "a style element": re.compile(r"<style[\s>]", re.I),
    "a javascript: address": re.compile(r"javascript:", re.I),
    "a foreign address": re.compile(r"(?:src|href)\s*=\s*[\"']?(?:https?:)?//", re.I),
    "text outside the catalogue": CJK,
    "unescaped output": re.compile(r"\|\s*safe\b|autoescape off"),
}
PAGES = [path for path in templates() if path.suffix in {".html", ".svg"}]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_has(what: str):
    assert [name_of(p) for p in PAGES if FORBIDDEN[what].search(COMMENT.sub("", p.read_text()))] == []


def _raw_words(text: str) -> set[str]:
    for hidden in (COMMENT, TRANSLATED, CLASSES, TAGS, MARKUP):
        text = hidden.sub(" ", text)
    return set(re.findall(r"[A-Za-z]{3,}", text)) - NOT_WORDS


def test_every_word_a_reader_sees_can_be_translated():
    assert {name_of(p): words for p in PAGES if p.suffix == ".html" and (words := _raw_words(p.read_text()))} == {}


def test_source_texts_are_english():
    wrapped = re.compile(r"\b(?:_|gettext|gettext_lazy|ngettext|pgettext|gettext_noop)\(\s*(?:f?[\"'])([^\"']*)")
    texts = [(name_of(path), text) for path in python_files(SOURCE) for text in wrapped.findall(path.read_text())]
    assert [(name, text) for name, text in texts if CJK.search(text)] == []
