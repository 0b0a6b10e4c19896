#!/usr/bin/env python3
"""Many people at once: lilt studio under load.

    python3 tests/thorough/studio_load.py [--lilt build/release/lilt] [--connections 200] [--seconds 60]

Starts a studio and asks it for tunes over that many connections, each asking again as soon as it has
its answer, every fourth time for sheet music or notes of the tune instead. Prints how long answers
took and what memory the studio had; fails on any error, on an answer that is lost, on a 99th
percentile of more than 3 s and on more than 400 MB.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Connection:
    def __init__(self, port, token):
        self.port, self.token = port, token

    async def open(self):
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)

    async def post(self, path, body):
        data = json.dumps(body).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAuthorization: Bearer {self.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
        )
        self.writer.write(head.encode() + data)
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode().lower()
        status = int(head.split()[1])
        if "transfer-encoding: chunked" not in head:
            length = int(head.split("content-length: ")[1].split("\r\n")[0])
            return status, await self.reader.readexactly(length)
        answer = b""
        while True:
            size = int(await self.reader.readline(), 16)
            answer += (await self.reader.readexactly(size + 2))[:-2]
            if size == 0:
                return status, answer


async def person(number, port, token, end, seen):
    connection = Connection(port, token)
    await connection.open()
    asked, abc = 0, None
    while time.monotonic() < end:
        start = time.monotonic()
        kind = "compose" if abc is None or (asked + number) % 4 != 3 else ("score", "notes")[asked // 4 % 2]
        if kind == "compose":
            status, answer = await connection.post(
                "/api/compose", {"seed": 1000 * number + asked, "key": "DGAC"[number % 4]}
            )
            lines = answer.decode().splitlines()
            whole = status == 200 and len(lines) == 2 and json.loads(lines[1])["done"]
            abc = json.loads(lines[0])["abc"] if whole else None
        else:
            status, answer = await connection.post(f"/api/{kind}", {"abc": abc})
            whole = status == 200 and json.loads(answer)["notes"]
        seen.setdefault(kind, []).append(time.monotonic() - start)
        if not whole:
            seen.setdefault("wrong", []).append(f"{kind}: {status} {answer[:200]!r}")
        asked += 1


def memory_of(pid):
    with open(f"/proc/{pid}/status") as status:
        for line in status:
            if line.startswith("VmHWM"):
                return int(line.split()[1]) / 1024
    return 0


async def run(options, port, token):
    seen = {}
    end = time.monotonic() + options.seconds
    people = [person(i, port, token, end, seen) for i in range(options.connections)]
    for outcome in await asyncio.gather(*people, return_exceptions=True):
        if outcome is not None:
            seen.setdefault("wrong", []).append(repr(outcome))
    return seen


def tell(kind, times):
    times = sorted(times)
    at = lambda share: times[min(len(times) - 1, int(share * len(times)))]
    print(
        f"{kind}: {len(times)} answers, median {1000 * at(0.5):.0f} ms, 99 % {1000 * at(0.99):.0f} ms, "
        f"most {1000 * times[-1]:.0f} ms"
    )
    return at(0.99)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lilt", default=os.path.join(ROOT, "build/release/lilt"))
    parser.add_argument("--connections", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    folder = tempfile.TemporaryDirectory()
    studio = subprocess.Popen(
        [os.path.abspath(options.lilt), "studio", "--no-browser", "--book", os.path.join(folder.name, "tunes.db")],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "LILT_HOME": ROOT, "XDG_CACHE_HOME": folder.name},
        cwd=folder.name,
    )
    address = studio.stdout.readline().decode().strip()
    port, token = int(address.split(":")[2].split("/")[0]), address.split("=")[1]
    try:
        seen = asyncio.run(run(options, port, token))
        memory = memory_of(studio.pid)
    finally:
        studio.terminate()
    code = studio.wait()
    wrong = seen.pop("wrong", [])
    slowest = max(tell(kind, times) for kind, times in sorted(seen.items()))
    print(f"{memory:.0f} MB at most, {len(wrong)} errors, exit code {code}")
    for one in wrong[:10]:
        print(one)
    return 1 if wrong or slowest > 3 or memory > 400 or code != 0 else 0


if __name__ == "__main__":
    sys.exit(main())
