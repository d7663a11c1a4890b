"""Recognising the language of a text."""

import threading

import pytest

from crawler.text.language import detect_language

TEXTS = {
    "en": "The folder of a small server is copied every night to a place that its owner trusts.",
    "de": "Der Ordner eines kleinen Servers wird jede Nacht an einen Ort kopiert, dem sein Besitzer vertraut.",
    "fr": "Le dossier d'un petit serveur est copié chaque nuit vers un endroit auquel son propriétaire fait confiance.",
    "es": "La carpeta de un pequeño servidor se copia cada noche a un lugar en el que confía su dueño.",
    "ru": "Папка небольшого сервера каждую ночь копируется в место, которому доверяет её владелец.",
    "zh": "一台小服务器的文件夹每天晚上都会被复制到主人信任的地方，并且经过加密和验证。",
    "ja": "小さなサーバーのフォルダーは、毎晩、持ち主が信頼する場所にコピーされます。",
}


@pytest.mark.parametrize("language", TEXTS)
def test_common_languages_are_recognised(language: str) -> None:
    assert detect_language(TEXTS[language]) == language


@pytest.mark.parametrize("text", ["", "  ", "ok", "12 34 56", "a" * 10])
def test_too_little_text_has_no_language(text: str) -> None:
    assert detect_language(text) is None


def test_weak_guess_is_no_answer() -> None:
    assert detect_language("0x1f 0x2e 0x3d 4096 8192 16384 == != <= >=", min_confidence=0.99) is None


def test_threads_get_the_same_answers() -> None:
    wrong: list[str] = []

    def check() -> None:
        wrong.extend(language for language, text in TEXTS.items() if detect_language(text) != language)

    threads = [threading.Thread(target=check) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
