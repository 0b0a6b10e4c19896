#!/usr/bin/env python3
"""Malformed and hostile requests to lilt studio.

    tests/studio/abuse.py PORT TOKEN [--requests 10000] [--seed 1]

Sends requests that no browser would: broken heads, wrong hosts and origins, no token, paths that lead
out of the page's folder, bodies that are huge, broken, nested or none, scripts in every field of a
tune, connections that stop half-way. Each must be refused with a reason, or answered by something
that cannot do harm; slow ones must not keep others waiting. Prints how many had which status.
"""

import argparse
import asyncio
import collections
import json
import random
import sys

SCRIPT = '<script>alert(1)</script>"\'><img src=x onerror=alert(1)>${7*7}`id`;id|id&&id\\'
PATHS = [
    "/../../../../etc/passwd",
    "/..%2f..%2f..%2fetc%2fpasswd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/....//....//etc/passwd",
    "//etc/passwd",
    "/index.html/../../src/main.cc",
    "/web/index.html",
    "/.git/config",
    "/api/sounds/..%2f..%2f/62.wav",
    "/api/sounds/flute/..%2f..%2f..%2fetc%2fpasswd",
    "/api/sounds/flute/999999999999999999999.wav",
    "/api/collections/..%2f..%2f..%2fetc%2fpasswd",
    "/api/lessons/..%2f..",
    "/api/models/..%2f..%2fetc%2fpasswd/export",
    "/api/book/99999999999999999999",
    "/api/book/-1",
    "/api/nothing",
    "/%00",
    "/%",
    "/\u00e4",
    "*",
    "http://evil.example/",
]
FIELDS = "XTCOAGDBFHNSZRMLKPQUVWmrsw"
ROUTES = ["compose", "check", "notes", "score", "transpose", "export", "book", "book/import"]


def tune(rng):
    """A tune with something in it that a program or a page might obey."""
    head = [f"{letter}:{SCRIPT}" for letter in rng.sample(FIELDS, 4)]
    music = rng.choice(
        [
            f'"{SCRIPT}"CDEF "^{SCRIPT}"GABc|',
            "[" * 500 + "C" + "]" * 500,
            "(3" * 1000 + "C|",
            "{" * 300 + "c" * 300,
            "C999999999999999/999999999999|",
            "|:" * 2000,
            "P:A\nC|\nP:B\nD|",
            "\u0000\u0001\u202e\U0001d11e|",
            "%%beginps\n(/etc/passwd) run\n%%endps\nC|",
            "%%EPS /etc/passwd\nI:abc-include /etc/passwd\nC|",
            "".join(chr(rng.randrange(32, 127)) for _ in range(300)),
            "C,,,,,,,,,,,,D''''''''''''|z9999|Z9999|",
        ]
    )
    if rng.random() < 0.3:
        head.append("P:" + "A" + "9" * rng.randrange(1, 40) + "(AB)9" * rng.randrange(1, 9))
    return "X:1\nT:t\nM:4/4\nL:1/8\n" + "\n".join(head) + "\nK:D\n" + music + "\n"


class Attacker:
    def __init__(self, port, token, seed):
        self.port, self.token, self.rng = port, token, random.Random(seed)

    def head(self, method, path, headers=None, without=()):
        all_headers = {
            "Host": f"127.0.0.1:{self.port}",
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "Connection": "close",
            **(headers or {}),
        }
        lines = [f"{name}: {value}" for name, value in all_headers.items() if name not in without]
        return (f"{method} {path} HTTP/1.1\r\n" + "\r\n".join(lines) + "\r\n\r\n").encode()

    def post(self, route, body, headers=None):
        return self.head("POST", "/api/" + route, {"Content-Length": len(body), **(headers or {})}) + body

    def broken_json(self):
        rng = self.rng
        body = rng.choice(
            [
                b"",
                b"{",
                b"[" * 100_000,
                b'{"abc":' * 5_000,
                b'{"abc": "\xff\xfe"}',
                b'{"abc": 1e999999}',
                b'{"abc": "x", "abc": 1}',
                b"null",
                b'"' + b"a" * 900_000 + b'"',
                json.dumps({"abc": "A" * rng.choice([99_999, 100_001, 900_000])}).encode(),
                json.dumps({"width": rng.choice([-1, 1e308, 0, "x", None])}).encode(),
                json.dumps({SCRIPT: SCRIPT}).encode(),
            ]
        )
        return self.post(rng.choice(ROUTES), body)

    def hostile_tune(self):
        rng = self.rng
        route = rng.choice(["check", "notes", "score", "transpose", "export", "compose"])
        body = {"abc": tune(rng)}
        if route == "transpose":
            body["semitones"] = rng.randrange(-36, 37)
        if route == "export":
            body["format"] = rng.choice(["mid", "musicxml", "abc"])
        if route == "compose":
            body = {rng.choice(["key", "meter", "rhythm", "form", "title", "start", "range", "chords", "model"]): SCRIPT}
        return self.post(route, json.dumps(body).encode())

    def wrong_origin(self):
        rng = self.rng
        headers = rng.choice(
            [
                {"Host": "evil.example"},
                {"Host": f"evil.example:{self.port}"},
                {"Host": "127.0.0.1"},
                {"Origin": "http://evil.example"},
                {"Origin": "null"},
                {"Sec-Fetch-Site": "cross-site"},
                {"Sec-Fetch-Site": "same-site"},
                {"Authorization": "Bearer " + "0" * 32},
                {"Authorization": f"bearer{self.token}"},
                {"Cookie": f"lilt-{self.port}=; lilt-{self.port}={'0' * 32}", "Authorization": ""},
                {"Content-Type": "text/plain"},
                {"Content-Type": "application/x-www-form-urlencoded"},
            ]
        )
        without = rng.choice([(), (), (), ("Host",), ("Authorization",)])
        body = b'{"key": "D"}'
        return self.head("POST", "/api/compose", {"Content-Length": len(body), **headers}, without) + body

    def path(self):
        return self.head(self.rng.choice(["GET", "GET", "PUT", "DELETE", "TRACE", "get"]), self.rng.choice(PATHS))

    def broken_head(self):
        rng = self.rng
        return rng.choice(
            [
                b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
                b"GET\r\n\r\n",
                b"GET / HTTP/9.9\r\n\r\n",
                b"GET / HTTP/1.0\r\n\r\n",
                b"\r\n\r\n\r\n\r\n",
                b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 5_000 + b"\r\n",
                b"GET /" + b"a" * 50_000 + b" HTTP/1.1\r\n\r\n",
                self.head("POST", "/api/check", {"Content-Length": "-1"}),
                self.head("POST", "/api/check", {"Content-Length": "1e9"}),
                self.head("POST", "/api/check", {"Content-Length": str(2**64)}),
                self.head("POST", "/api/check", {"Content-Length": str(10**12)}),
                self.head("POST", "/api/check", {"Transfer-Encoding": "chunked"}) + b"ffffffffffffffff\r\n",
                self.head("POST", "/api/check", {"Transfer-Encoding": "chunked", "Content-Length": "3"}) + b"0\r\n\r\n",
                self.head("POST", "/api/check", {"Transfer-Encoding": "gzip"}),
                self.head("GET", "/", {"Host": "a\r\nHost: b"}),
                bytes(rng.randrange(256) for _ in range(rng.randrange(1, 400))) + b"\r\n\r\n",
            ]
        )

    def mutated(self):
        """A good request with some bytes changed, left out or doubled."""
        body = json.dumps({"abc": "X:1\nT:t\nM:4/4\nL:1/8\nK:D\nD8|]\n"}).encode()
        data = bytearray(self.post(self.rng.choice(ROUTES), body))
        for _ in range(self.rng.randrange(1, 6)):
            at = self.rng.randrange(len(data))
            change = self.rng.randrange(3)
            if change == 0:
                data[at] = self.rng.randrange(256)
            elif change == 1:
                del data[at]
            else:
                data[at:at] = data[at : at + 5]
        return bytes(data)

    def any(self):
        return self.rng.choice(
            [self.broken_json, self.hostile_tune, self.wrong_origin, self.path, self.broken_head, self.mutated]
        )()

    async def send(self, data, half=False):
        """The answer; empty where the connection ends without one."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(data[: len(data) // 2] if half else data)
            if half:
                return b""
            if self.rng.random() < 0.5:
                await writer.drain()
            # What is cut short is not answered before the server's patience ends: this one's does.
            return await asyncio.wait_for(reader.read(), 3)
        except (ConnectionError, asyncio.TimeoutError):
            return b""
        finally:
            writer.close()


def wrong(answer):
    """Why an answer must not be, or ''."""
    if not answer:
        return ""
    head, _, body = answer.partition(b"\r\n\r\n")
    status = int(head.split()[1])
    if status == 500:
        return "500: the server was surprised"
    if status >= 400 and b'"message"' not in body:
        return "refused without a reason"
    if b"root:" in body:
        return "a file that is not its own"
    if b"svg" in body and (b"<script" in body or b"<img" in body):
        return "a script in a picture"
    if b"nosniff" not in head or b"default-src 'self'" not in head:
        return "headers that keep a page safe are missing"
    return ""


async def attack(options):
    attacker = Attacker(options.port, options.token, options.seed)
    statuses, mistakes = collections.Counter(), []
    room = asyncio.Semaphore(32)

    async def one():
        async with room:
            data = attacker.any()
            answer = await attacker.send(data, attacker.rng.random() < 0.02)
            statuses[answer.split()[1].decode() if answer else "closed"] += 1
            if reason := wrong(answer):
                mistakes.append(f"{reason}: {data[:300]!r} -> {answer[:300]!r}")

    # Connections that are begun and never ended, for as long as all this goes on.
    slow = [await asyncio.open_connection("127.0.0.1", options.port) for _ in range(300)]
    for _, writer in slow:
        writer.write(b"GET / HTTP/1.1\r\nA:")
    for begin in range(0, options.requests, 500):
        await asyncio.gather(*[one() for _ in range(min(500, options.requests - begin))])
        alive = await asyncio.wait_for(attacker.send(attacker.head("GET", "/api/options")), 60)
        if not alive.startswith(b"HTTP/1.1 200"):
            mistakes.append(f"after {begin + 500} requests it does not answer: {alive[:200]!r}")
            break
    for _, writer in slow:
        writer.close()
    print(" ".join(f"{status}: {count}" for status, count in sorted(statuses.items())))
    for mistake in mistakes[:10]:
        print(mistake)
    return 1 if mistakes else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("port", type=int)
    parser.add_argument("token")
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    return asyncio.run(attack(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
