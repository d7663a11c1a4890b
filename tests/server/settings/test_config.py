"""recollect.yml and RECOLLECT_* variables become settings, and every mistake is one line that names it."""

import json
from pathlib import Path

import pytest

from server.errors import ConfigError
from server.places import place_of_index
from server.settings.config import NO_SETTINGS, Config, cache_folder, keys, load, masked, problems, variable_of


def write(folder: Path, text: str) -> Path:
    path = folder / "recollect.yml"
    path.write_text(text, "utf-8")
    return path


def problem(folder: Path, text: str, **environ: str) -> str:
    with pytest.raises(ConfigError) as caught:
        load(write(folder, text), environ=environ)
    return str(caught.value)


def test_without_a_file_everything_has_a_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load(environ={}) == Config()


def test_file_in_the_current_folder_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "serve: {port: 9000}")
    monkeypatch.chdir(tmp_path)
    assert load(environ={}).serve.port == 9000


def test_file_named_by_a_variable_is_read(tmp_path: Path) -> None:
    path = write(tmp_path, "serve: {port: 9001}")
    assert load(environ={"RECOLLECT_CONFIG": str(path)}).serve.port == 9001


def test_values_of_every_kind_are_read(tmp_path: Path) -> None:
    text = """
    seeds: https://a.example/
    crawl: {max_pages: 5, delay_s: 1, include: ["/a/*", "/b/*"], obey_robots: false, content_selector: null}
    rank: {mode: lexical, fuse: {dense_weight: 0.25}}
    serve: {api_keys: {k1: [staff, admin], k2: []}}
    """
    config = load(write(tmp_path, text), environ={})
    assert config.seeds == ("https://a.example/",)
    assert (config.crawl.max_pages, config.crawl.delay_s, config.crawl.obey_robots) == (5, 1.0, False)
    assert config.crawl.include == ("/a/*", "/b/*")
    assert (config.rank.mode, config.rank.fuse.dense_weight) == ("lexical", 0.25)
    assert config.serve.api_keys == {"k1": ("staff", "admin"), "k2": ()}


def test_data_folder_is_relative_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    assert load(write(tmp_path / "sub", "data: index"), environ={}).data == tmp_path / "sub" / "index"
    assert load(write(tmp_path / "sub", "seeds: []"), environ={}).data == tmp_path / "sub" / "recollect-data"


def test_unknown_key_names_file_key_and_nearest_right_one(tmp_path: Path) -> None:
    message = problem(tmp_path, "crawl: {max_page: 5}")
    assert message == f"{tmp_path / 'recollect.yml'}: unknown key 'crawl.max_page'. Did you mean 'crawl.max_pages'?"


def test_wrong_type_names_key_value_and_expectation(tmp_path: Path) -> None:
    assert "crawl.max_pages is 'many', expected a whole number or empty" in problem(
        tmp_path, "crawl: {max_pages: many}"
    )
    assert "serve.port is True, expected a whole number" in problem(tmp_path, "serve: {port: true}")
    assert "seeds[1] is 3, expected text" in problem(tmp_path, "seeds: [a, 3]")
    assert "crawl is 'fast', expected a mapping" in problem(tmp_path, "crawl: fast")
    assert "expected a mapping" in problem(tmp_path, "just text")


def test_wrong_choice_names_the_choices(tmp_path: Path) -> None:
    message = problem(tmp_path, "encoder: {kind: torchh}")
    assert "expected one of bundled, " in message and ", torch, " in message
    assert "Did you mean 'torch'?" in message


@pytest.mark.parametrize("text", ["off", "'off'", "counts", "full"])
def test_off_is_a_word_where_it_is_a_choice(text: str, tmp_path: Path) -> None:
    file = write(tmp_path, f"serve: {{query_log: {text}}}")
    assert load(file, environ={}).serve.query_log == text.strip("'")
    variables = {"RECOLLECT_SERVE__QUERY_LOG": text}
    assert load(write(tmp_path, ""), environ=variables).serve.query_log == text.strip("'")
    assert "query_log is True, expected one of off, counts, full" in problem(tmp_path, "serve: {query_log: on}")


def test_broken_yaml_names_line_and_column(tmp_path: Path) -> None:
    assert "recollect.yml: line 3, column" in problem(tmp_path, "crawl:\n  max_pages: [1\n")


def test_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "recollect.yml"
    path.write_bytes(b"\xff\xfe\x00crawl")
    with pytest.raises(ConfigError, match=r"recollect\.yml"):
        load(path, environ={})


def test_missing_file_names_the_cure(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="recollect init"):
        load(tmp_path / "none.yml", environ={})


def test_a_packages_own_check_is_told_with_its_section(tmp_path: Path) -> None:
    assert "elasticsearch: hosts must begin with http" in problem(tmp_path, "elasticsearch: {hosts: [localhost]}")
    assert "encoder: kind http needs a model" in problem(tmp_path, "encoder: {kind: http, url: 'http://x/'}")
    assert "answer.choosing: min_evidence 2 is not" in problem(tmp_path, "answer: {choosing: {min_evidence: 2}}")
    assert "answer.choosing: margin -1 is" in problem(tmp_path, "answer: {choosing: {margin: -1}}")
    assert "answer.choosing: max_blocks" in problem(tmp_path, "answer: {choosing: {max_blocks: 0}}")
    assert "serve: port 70000" in problem(tmp_path, "serve: {port: 70000}")


def test_variable_in_the_file_is_filled_in(tmp_path: Path) -> None:
    text = "store: http://me:${PW}@h:9200/docs\nserve: {port: '${PORT}', title: '${TITLE:-Docs}'}"
    config = load(write(tmp_path, text), environ={"PW": "pa:ss", "PORT": "81"})
    assert config.store == "http://me:pa:ss@h:9200/docs"
    assert (config.serve.port, config.serve.title) == (81, "Docs")


def test_secret_that_looks_like_a_number_stays_text(tmp_path: Path) -> None:
    config = load(write(tmp_path, "elasticsearch: {password: '${PW}'}"), environ={"PW": "0123"})
    assert config.elasticsearch.password == "0123"


def test_missing_variable_is_named_with_its_key(tmp_path: Path) -> None:
    assert "generator.api_key needs the variable LLM_KEY" in problem(tmp_path, "generator: {api_key: '${LLM_KEY}'}")


def test_variables_overrule_the_file_and_options_overrule_variables(tmp_path: Path) -> None:
    path = write(tmp_path, "data: a\nencoder: {kind: http, url: http://x/, model: m}\ncrawl: {max_pages: 1}")
    environ = {
        "RECOLLECT_CRAWL__MAX_PAGES": "2",
        "RECOLLECT_ENCODER__MODEL": "123",
        "RECOLLECT_SEEDS": "[https://a.example/, https://b.example/]",
        "RECOLLECT_RANK__FUSE__DENSE_WEIGHT": "0.5",
        "RECOLLECT_DATA_DIR": "b",
    }
    config = load(path, environ=environ)
    assert (config.crawl.max_pages, config.encoder.model, config.encoder.url) == (2, "123", "http://x/")
    assert config.seeds == ("https://a.example/", "https://b.example/")
    assert config.rank.fuse.dense_weight == 0.5
    assert config.data == Path("b")
    assert load(path, data=Path("c"), environ=environ).data == Path("c")


def test_the_variable_of_public_test_data_is_no_setting() -> None:
    assert load(environ={"RECOLLECT_DATA": "/public"}) == load(environ={})


def test_every_key_has_a_variable_of_its_own() -> None:
    names = [variable_of(key) for key in keys()]
    assert len(set(names)) == len(names)
    assert not set(names) & set(NO_SETTINGS)


def test_variables_alone_can_choose_an_implementation() -> None:
    environ = {
        "RECOLLECT_ENCODER__KIND": "http",
        "RECOLLECT_ENCODER__URL": "http://x/",
        "RECOLLECT_ENCODER__MODEL": "m",
    }
    assert load(environ=environ).encoder.kind == "http"


def test_wrong_variables_are_named() -> None:
    with pytest.raises(ConfigError, match=r"RECOLLECT_CRAWL__MAX_PAGE names no setting .*'crawl\.max_pages'"):
        load(environ={"RECOLLECT_CRAWL__MAX_PAGE": "2"})
    with pytest.raises(ConfigError, match=r"RECOLLECT_SERVE__PORT: serve\.port is 'http', expected a whole number"):
        load(environ={"RECOLLECT_SERVE__PORT": "http"})


def test_data_picks_the_embedded_index_over_the_files_store(tmp_path: Path) -> None:
    path = write(tmp_path, "store: http://h:9200/docs")
    assert load(path, data=Path("d"), environ={}).store == ""
    assert load(path, data=Path("d"), store="http://other:9200/x", environ={}).store == "http://other:9200/x"


SECRETIVE = """
store: https://me:hunter2@h:9200/docs?api_key=hunter2
broker: redis://:hunter2@h/0
elasticsearch: {password: hunter2, username: me}
generator: {kind: http, url: http://x/, model: m, api_key: hunter2}
encoder: {kind: http, url: http://x/, model: m, api_key: hunter2}
serve: {api_keys: {hunter2: [staff]}}
"""


def test_secrets_are_stars_wherever_settings_are_shown(tmp_path: Path) -> None:
    config = load(write(tmp_path, SECRETIVE), environ={})
    assert config.generator.api_key == "hunter2"
    assert "hunter2" not in repr(config)
    assert "hunter2" not in json.dumps(masked(config))
    assert "hunter2" not in place_of_index(config)
    assert "staff" not in json.dumps(masked(config)["serve"]["api_keys"])


def test_a_wrong_secret_is_not_printed(tmp_path: Path) -> None:
    assert "12345" not in problem(tmp_path, "generator: {api_key: 12345}")


def test_every_key_has_a_type_in_words() -> None:
    assert keys()["crawl.max_pages"] == "a whole number or empty"
    assert keys()["serve.api_keys"] == "a mapping from text to a list of text"


def test_the_cache_is_in_the_users_cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder({"XDG_CACHE_HOME": "/var/cache/me"}) == Path("/var/cache/me/recollect")
    for relative in ({}, {"XDG_CACHE_HOME": ""}, {"XDG_CACHE_HOME": "relative"}):
        assert cache_folder(relative) == tmp_path / ".cache" / "recollect"


def test_credentials_of_sites_are_read_and_never_shown(tmp_path: Path) -> None:
    text = """crawl:
  proxy: http://ann:${SECRET}1@proxy.example:3128
  authentication:
    - {url: "https://a.example/", user: ann, password: "${SECRET}"}
    - {url: "https://b.example/", kind: header, header: X-Key, token: "${SECRET}"}
    - url: https://c.example/
      kind: form
      login_url: https://c.example/login
      login_fields: {name: ann, pin: "${SECRET}"}
"""
    (tmp_path / "recollect.yml").write_text(text, "utf-8")
    config = load(tmp_path / "recollect.yml", environ={"SECRET": "77777"})
    first, _, third = config.crawl.authentication
    assert (first.password, third.login_fields["pin"]) == ("77777", "77777")
    assert "7777" not in str(masked(config)) + repr(config)


def test_login_on_another_origin_is_a_config_error(tmp_path: Path) -> None:
    entry = "{url: 'https://a.example/', kind: form, login_url: 'https://b.example/', login_fields: {pin: '7777'}}"
    (tmp_path / "recollect.yml").write_text(f"crawl: {{authentication: [{entry}]}}", "utf-8")
    with pytest.raises(ConfigError, match="another origin") as caught:
        load(tmp_path / "recollect.yml", environ={})
    assert "7777" not in str(caught.value)


def all_problems(folder: Path, text: str, **environ: str) -> list[str]:
    path = write(folder, text)
    return [str(found).removeprefix(f"{path}: ") for found in problems(path, environ)]


def test_a_section_is_checked_when_it_is_whole(tmp_path: Path) -> None:
    consistent = "queue: {visibility_timeout_s: 70, hard_limit_s: 50, longest_retry_s: 20}"
    assert all_problems(tmp_path, consistent) == []
    assert load(write(tmp_path, consistent), environ={}).queue.visibility_timeout_s == 70
    assert all_problems(tmp_path, "encoder: {kind: http, model: m, url: 'http://x/'}") == []


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        (
            "queue: {visibility_timeout_s: 10}\nserve: {port: 70000, title: 3}\ncrawl: {max_page: 1}",
            ["queue: visibility_timeout_s", "serve.title is 3", "serve: port 70000", "unknown key 'crawl.max_page'"],
        ),
        (
            "encoder: {kind: http}\nscorer: {kind: torch}",
            ["encoder: kind http needs a model and a url", "scorer: kind"],
        ),
        (
            "scheduler: {concurrency: 0, retry_s: 0, poll_s: -1}",
            ["scheduler: concurrency", "scheduler: retry_s", "scheduler: poll_s"],
        ),
        ("seeds: [1, a, 2]\nnonsense: 1", ["seeds[0] is 1", "seeds[2] is 2", "unknown key 'nonsense'"]),
        (
            "crawl: {max_depth: x}\nsites: [{name: a, seeds: u, crawl: {max_pages: y}}, {name: b b, priority: 11}]",
            ["crawl.max_depth is 'x'", "sites[0].crawl.max_pages is 'y'", "sites[1]: name 'b b'"],
        ),
        (
            "broker: '${NO_A}'\nserve: {port: '${NO_B}', title: 4}",
            ["broker needs", "serve.port needs", "serve.title is 4"],
        ),
    ],
)
def test_everything_that_is_wrong_is_found_in_one_run(tmp_path: Path, text: str, starts: list[str]) -> None:
    found = all_problems(tmp_path, text)
    assert len(found) >= len(starts)
    for start in starts:
        assert [line for line in found if line.startswith(start)], (start, found)


def test_a_default_that_stands_in_for_a_wrong_value_is_not_complained_of(tmp_path: Path) -> None:
    [only] = all_problems(tmp_path, "queue: {visibility_timeout_s: long, hard_limit_s: 5000}")
    assert only.startswith("queue.visibility_timeout_s is 'long'")


def test_wrong_variables_are_found_with_what_is_wrong_in_the_file(tmp_path: Path) -> None:
    environ = {"RECOLLECT_SERVE__PORT": "http", "RECOLLECT_CRAWL__MAX_PAGE": "2"}
    found = all_problems(tmp_path, "crawl: {max_depth: deep}", **environ)
    assert len(found) == 3
    assert any("RECOLLECT_SERVE__PORT" in line for line in found)
    assert any("RECOLLECT_CRAWL__MAX_PAGE names no setting" in line for line in found)


def test_everything_that_is_wrong_in_a_file_of_elastics_is_found_in_one_run(tmp_path: Path) -> None:
    text = """
max_redirects: many
max_crawl_depth: -1
elasticsearch: {host: 'http://h:9200', password: '${NO_C}'}
domains:
  - url: https://a.example
    crawl_rules: [{policy: maybe, type: starts, pattern: /}, {policy: deny, type: regex, pattern: '('}]
    exclude_tags: 3
    auth: {type: oauth}
    seed_urls: 'https://a.example/x'
  - seed_urls: []
  - url: https://b.example
    extraction_rulesets: [{rules: [{selector: h1}, {field_name: x}]}]
"""
    found = all_problems(tmp_path, text)
    for start in (
        "elasticsearch.password needs the variable NO_C",
        "max_redirects is 'many'",
        "max_crawl_depth is -1",
        "domains[0].crawl_rules[0].policy is 'maybe'",
        "domains[0].crawl_rules[0].type is 'starts'",
        "domains[0].crawl_rules[1].pattern is not a regular expression",
        "domains[0].exclude_tags is not a list",
        "domains[0].auth has no type",
        "domains[0].seed_urls is not a list",
        "domains[1] has no url",
        "domains[2].extraction_rulesets[0].rules[0] has no field_name",
        "domains[2].extraction_rulesets[0].rules[1] has no selector",
    ):
        assert [line for line in found if line.startswith(start)], (start, found)


def test_all_that_is_wrong_with_a_site_is_said_at_once(tmp_path: Path) -> None:
    [only] = all_problems(tmp_path, "sites: [{name: b b, priority: 11}]")
    assert "name 'b b'" in only and "seeds names no URL" in only and "priority 11" in only
