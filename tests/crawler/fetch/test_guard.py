"""Attempts to make the crawler fetch what is not on the public network (server-side request forgery)."""

import asyncio
import socket

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from crawler.fetch.guard import AddressRefused, Guard, refused_reason
from crawler.urls.address import refusal
from tests.support.site import Site

LITERALS = {
    # plain
    "http://127.0.0.1/": "loopback",
    "http://127.255.255.254/": "loopback",
    "http://10.0.0.1/": "private",
    "http://172.16.0.1/": "private",
    "http://172.31.255.255/": "private",
    "http://192.168.1.1/": "private",
    "http://0.0.0.0/": "unspecified",
    "http://0.1.2.3/": "unspecified",
    "http://100.64.0.1/": "CGNAT",
    "http://100.127.255.255/": "CGNAT",
    "http://169.254.1.1/": "link-local",
    "http://192.0.0.8/": "reserved",
    "http://192.0.2.1/": "documentation",
    "http://198.51.100.7/": "documentation",
    "http://203.0.113.9/": "documentation",
    "http://198.18.0.1/": "benchmarking",
    "http://192.88.99.1/": "reserved",
    "http://224.0.0.1/": "multicast",
    "http://239.255.255.250/": "multicast",
    "http://240.0.0.1/": "reserved",
    "http://255.255.255.255/": "broadcast",
    # clouds' credentials
    "http://169.254.169.254/latest/meta-data/": "metadata",
    "http://169.254.170.2/v2/credentials": "metadata",
    "http://100.100.100.200/latest/": "metadata",
    "http://168.63.129.16/machine": "metadata",
    "http://192.0.0.192/": "metadata",
    "http://[fd00:ec2::254]/": "metadata",
    "http://metadata.google.internal/computeMetadata/v1/": "metadata",
    "http://METADATA.GOOGLE.INTERNAL./": "metadata",
    # other spellings of IPv4
    "http://2130706433/": "loopback",
    "http://0x7f000001/": "loopback",
    "http://0x7F.0.0.0x1/": "loopback",
    "http://017700000001/": "loopback",
    "http://0177.0.0.1/": "loopback",
    "http://00000177.0.0.1/": "loopback",
    "http://127.1/": "loopback",
    "http://127.0.1/": "loopback",
    "http://0/": "unspecified",
    "http://0xa9fea9fe/": "metadata",
    "http://2852039166/": "metadata",
    "http://0251.0376.0251.0376/": "metadata",
    "http://169.254.43518/": "metadata",
    "http://127.0.0.1./": "loopback",
    "http://%31%32%37.0.0.1/": "loopback",
    "http://127%2e0%2e0%2e1/": "loopback",
    "http://１２７.０.０.１/": "loopback",
    "http://127。0。0。1/": "loopback",
    "http://①②⑦.⓪.⓪.①/": "loopback",
    # IPv6
    "http://[::1]/": "loopback",
    "http://[0:0:0:0:0:0:0:1]/": "loopback",
    "http://[0000::0001]/": "loopback",
    "http://[::]/": "unspecified",
    "http://[fe80::1]/": "link-local",
    "http://[febf::1]/": "link-local",
    "http://[fec0::1]/": "site-local",
    "http://[fc00::1]/": "private",
    "http://[fd12:3456:789a::1]/": "private",
    "http://[ff02::1]/": "multicast",
    "http://[2001:db8::1]/": "documentation",
    "http://[3fff::1]/": "documentation",
    "http://[100::1]/": "reserved",
    "http://[4000::1]/": "reserved",
    # IPv4 carried in IPv6
    "http://[::ffff:127.0.0.1]/": "loopback (127.0.0.1 in an IPv4-mapped address)",
    "http://[::ffff:7f00:1]/": "IPv4-mapped",
    "http://[::ffff:a9fe:a9fe]/": "metadata",
    "http://[::127.0.0.1]/": "IPv4-compatible",
    "http://[::8.8.8.8]/": "reserved",
    "http://[64:ff9b::127.0.0.1]/": "NAT64",
    "http://[64:ff9b::169.254.169.254]/": "metadata",
    "http://[64:ff9b:1::10.0.0.1]/": "NAT64",
    "http://[2002:7f00:1::]/": "6to4",
    "http://[2002:a9fe:a9fe::1]/": "metadata",
    "http://[2002:808:808::1]/": "6to4",
    "http://[2001:0:4136:e378:8000:63bf:80ff:fffe]/": "loopback (127.0.0.1 in a Teredo address)",
    "http://[2001:0:808:808::1]/": "reserved",
    "http://[2600::5efe:192.168.0.1]/": "ISATAP",
    # names and userinfo
    "http://localhost/": "loopback",
    "http://LOCALHOST./": "loopback",
    "http://anything.localhost/": "loopback",
    "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/": "loopback",
    "http://localhost.localdomain/": "loopback",
    "http://example.org@127.0.0.1/": "loopback",
    "http://example.org:80@[::1]/": "loopback",
    "http://example.org%40@127.1/": "loopback",
    "http:127.0.0.1/": "loopback",
    "http:\\\\127.0.0.1\\": "loopback",
    "ht\ntp://127.\t0.0.1/": "loopback",
    # other schemes, and addresses no browser accepts
    "file:///etc/passwd": "not an http or https address",
    "data:text/html,hello": "not an http or https address",
    "gopher://127.0.0.1:6379/_FLUSHALL": "not an http or https address",
    "ftp://127.0.0.1/": "not an http or https address",
    "http://[fe80::1%25eth0]/": "not an http or https address",
    "http://127.0.0.1.256/": "not an http or https address",
}

NAMES = {
    "internal.example": ["10.1.2.3"],
    "127.0.0.1.rebind.example": ["127.0.0.1"],
    "v6.example": ["::1"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "metadata.example": ["169.254.169.254"],
    "zone.example": ["fe80::1%lo"],
    "several.example": ["10.0.0.1", "fd00::1", "127.0.0.1"],
    "odd.example": ["0177.0.0.1"],
    "xn--bcher-kva.example": ["192.168.0.10"],
}

REAL_FORMS = (
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f.1",
    "0177.0.0.1",
    "[::ffff:127.0.0.1]",
    "[::1]",
    "0",
    "localhost",
    "127.0.0.1.",
)
"""Hosts that lead a real socket to this machine on most systems."""


class Names(AbstractResolver):
    """Answers look-ups from a table; a name with several answers in turn gives each once, the last for ever."""

    def __init__(self, *answers: dict[str, list[str]]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        self.asked.append(host)
        table = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=0,
            )
            for address in table[host.rstrip(".")]
        ]

    async def close(self) -> None: ...


def fetch(guard: Guard, url: str, resolver: AbstractResolver | None = None) -> int | str:
    """The status of fetching ``url`` without looking at it first, or the guard's reason; other errors pass."""

    async def run() -> int | str:
        async with aiohttp.ClientSession(connector=guard.connector(resolver)) as session:
            try:
                async with session.get(url) as reply:
                    return reply.status
            except aiohttp.ClientError as error:
                if (reason := refused_reason(error)) is None:
                    raise
                return reason

    return asyncio.run(run())


@pytest.mark.parametrize(("url", "reason"), LITERALS.items())
def test_what_is_written_in_a_url_is_refused_with_its_reason(url: str, reason: str) -> None:
    refused = Guard().refusal(url)
    assert refused is not None
    assert reason in refused


@pytest.mark.parametrize(("name", "addresses"), NAMES.items())
def test_a_name_that_leads_inside_is_refused(name: str, addresses: list[str]) -> None:
    guard = Guard()
    assert guard.refusal(f"http://{name}/") is None
    reason = fetch(guard, f"http://{name}/", Names({name: addresses}))
    assert addresses[0] in str(reason)
    assert str(refusal(addresses[0])) in str(reason)


@pytest.mark.parametrize("host", REAL_FORMS)
def test_no_spelling_reaches_a_real_server_on_this_machine(site: Site, host: str) -> None:
    url = f"http://{host}:{site.port}/"
    try:
        outcome: object = fetch(Guard(), url)
    except (aiohttp.ClientError, ValueError) as error:  # aiohttp itself refuses some spellings
        outcome = str(error)
    assert isinstance(outcome, str)
    assert site.requests == []


def test_a_mixed_answer_keeps_only_public_addresses() -> None:
    kept = Guard().permitted("mixed.example", 80, ["10.0.0.1", "93.184.215.14", "2606:4700::1111", "::1"])
    assert kept == {"93.184.215.14", "2606:4700::1111"}


@pytest.mark.parametrize(
    "address",
    [
        "93.184.215.14",
        "8.8.8.8",
        "2606:4700:4700::1111",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
        "172.32.0.1",
        "100.128.0.1",
    ],
)
def test_public_addresses_are_allowed(address: str) -> None:
    assert refusal(address) is None


@pytest.mark.parametrize(
    "url", ["http://example.org/", "https://user:pw@example.org:8443/", "http://127.0.0.1.example.org/"]
)
def test_public_names_may_be_tried(url: str) -> None:
    assert Guard().refusal(url) is None


@pytest.mark.parametrize(
    "text", ["", "127.0.0.1\x00", "example.org", "1.2.3", "127.0.0.01", "::ffff:1.2.3.4.5", "fe80::1%1"]
)
def test_what_is_not_a_plain_address_is_refused(text: str) -> None:
    assert refusal(text) is not None


def test_the_configured_site_itself_is_fetched(site: Site) -> None:
    guard = Guard.for_urls([site.url])
    assert guard.refusal(site.url) is None
    assert fetch(guard, site.url) == 200


def test_a_site_may_be_configured_later(site: Site) -> None:
    guard = Guard()
    assert fetch(guard, site.url) == "loopback"
    guard.trust(site.url)
    assert fetch(guard, site.url) == 200


def test_only_the_configured_port_is_open(site: Site) -> None:
    port = site.port
    guard = Guard.for_urls([f"http://127.0.0.1:{port + 1}/"])
    assert guard.refusal(f"http://127.0.0.1:{port}/") == "loopback"
    assert fetch(guard, f"http://127.0.0.1:{port}/") == "loopback"
    assert site.requests == []


def test_a_redirect_from_the_configured_site_to_another_port_is_refused(site: Site) -> None:
    target = Site(site.folder)
    try:
        site.redirect("/away", target.at("/secret"))
        assert fetch(Guard.for_urls([site.url]), f"{site.url}/away") == "loopback"
        assert target.requests == []
    finally:
        target.close()


def test_a_configured_name_may_stand_on_a_private_network(site: Site) -> None:
    port = site.port
    guard = Guard([("intranet.example", port)])
    assert fetch(guard, f"http://intranet.example:{port}/", Names({"intranet.example": ["127.0.0.1"]})) == 200


def test_a_public_name_that_turns_private_is_rebinding(site: Site) -> None:
    port = site.port
    guard = Guard([("shop.example", port)])
    guard.permitted("shop.example", port, ["93.184.215.14"])
    reason = fetch(guard, f"http://shop.example:{port}/", Names({"shop.example": ["127.0.0.1"]}))
    assert "127.0.0.1" in str(reason)
    assert site.requests == []


def test_a_name_is_judged_at_every_look_up(site: Site) -> None:
    port = site.port
    resolver = Names({"flip.example": ["93.184.215.14"]}, {"flip.example": ["127.0.0.1"]})
    guard = Guard()
    asyncio.run(resolver.resolve("flip.example", port))  # a check before the fetch sees a public address
    reason = fetch(guard, f"http://flip.example:{port}/", resolver)
    assert "loopback" in str(reason)
    assert site.requests == []


@pytest.mark.parametrize("address", ["169.254.169.254", "169.254.9.9", "224.0.0.1", "0.0.0.0", "fe80::1"])
def test_even_a_configured_name_never_leads_to_these(address: str) -> None:
    guard = Guard([("site.example", 80)])
    with pytest.raises(AddressRefused, match=r"site\.example is refused"):
        guard.permitted("site.example", 80, [address])


def test_an_address_opened_for_one_site_stays_closed_to_other_names(site: Site) -> None:
    port = site.port
    guard = Guard([("intranet.example", port)])
    names = {"intranet.example": ["127.0.0.1"], "evil.example": ["127.0.0.1"]}
    assert fetch(guard, f"http://intranet.example:{port}/", Names(names)) == 200
    reason = fetch(guard, f"http://evil.example:{port}/", Names(names))
    assert "loopback" in str(reason)
    assert len(site.requests) == 1


def test_a_resolver_that_hands_out_a_forbidden_address_is_caught_at_the_socket(site: Site) -> None:
    """The socket factory judges once more what the connector is about to connect to."""

    async def run() -> str | None:
        guard = Guard()
        connector = aiohttp.TCPConnector(
            resolver=Names({"evil.example": ["127.0.0.1"]}), socket_factory=guard.open_socket
        )
        async with aiohttp.ClientSession(connector=connector) as session:
            try:
                await session.get(f"http://evil.example:{site.port}/")
            except aiohttp.ClientConnectorError as error:
                return refused_reason(error)
        return "fetched"

    assert asyncio.run(run()) == "loopback"
    assert site.requests == []


def test_an_ordinary_failure_is_not_laid_at_the_guards_door() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        with pytest.raises(aiohttp.ClientConnectorError) as caught:
            fetch(Guard([("127.0.0.1", port)]), f"http://127.0.0.1:{port}/")
    assert refused_reason(caught.value) is None


def test_there_are_at_least_sixty_forms_of_attack() -> None:
    assert len({*LITERALS, *NAMES}) >= 60
